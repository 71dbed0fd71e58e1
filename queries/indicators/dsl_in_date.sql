-- title: DSL in date
-- question: In which schools is every designated safeguarding lead and deputy trained in date?
-- letter: 6
-- grain: one row per quarter and school in scope
-- numerator: schools whose staff trained equal the staff in scope over DSL initial, DSL refresher and deputy DSL
-- denominator: schools that answer with anyone in scope
-- gap: DSL not in date
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools
-- extracts: training
-- owner: school
-- closes: The DSL and each deputy take the initial or refresher course, and the school returns it.
-- weight: 3
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
with dsl as (
    select submission_id, quarter, urn, sum(staff_in_scope) as in_scope,
        sum(staff_trained) as trained
    from current_training
    where topic = 'DSL'
    group by submission_id, quarter, urn
),

answered as (
    select s.quarter, s.borough_code, s.urn, a.reason, a.answer_quarter, a.submission_id,
        d.in_scope, d.trained
    from school as s
    inner join standing_answer as a
        on s.quarter = a.quarter
        and s.urn = a.urn
        and a.topic = 'DSL'
    left join dsl as d
        on a.submission_id = d.submission_id
        and a.answer_quarter = d.quarter
        and a.urn = d.urn
    where s.quarter = any($quarters::varchar[])
        and s.borough_code = any($boroughs::varchar[])
)

select quarter, borough_code, urn,
    case
        when reason is not null then 'unknown'
        when in_scope = 0 then 'not_applicable'
        when trained = in_scope then 'met'
        else 'gap'
    end as state,
    reason,
    case
        when in_scope is null then null
        when in_scope = 0 then 'nobody in scope'
        when trained = in_scope then 'in date'
        else 'not in date'
    end as evidence,
    answer_quarter as evidence_quarter, submission_id
from answered
