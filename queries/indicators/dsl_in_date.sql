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
-- topic: DSL
-- owner: school
-- closes: The DSL and each deputy take the initial or refresher course, and the school returns it.
-- weight: 3
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
with dsl as (
    select submission_id, quarter, borough_code, urn, sum(staff_in_scope) as in_scope,
        sum(staff_trained) as trained
    from current_training
    where topic = 'DSL'
    group by submission_id, quarter, borough_code, urn
)

select a.quarter, a.borough_code, a.urn,
    case
        when a.reason is not null then 'unknown'
        when d.in_scope = 0 then 'not_applicable'
        when d.trained = d.in_scope then 'met'
        else 'gap'
    end as state,
    a.reason,
    case
        when d.in_scope = 0 then 'nobody in scope'
        when d.trained = d.in_scope then 'in date'
        when d.trained < d.in_scope then 'not in date'
    end || a.origin as evidence,
    a.answer_quarter as evidence_quarter, a.evidence_urn, a.submission_id
from school_asked as a
left join dsl as d
    on a.submission_id = d.submission_id
    and a.answer_quarter = d.quarter
    and a.answer_borough = d.borough_code
    and a.answer_urn = d.urn
where a.topic = 'DSL'
    and a.quarter = any($quarters::varchar[])
    and a.borough_code = any($boroughs::varchar[])
