-- title: HSB training
-- question: Which schools have someone trained in date on harmful sexual behaviour?
-- letter: 13
-- grain: one row per quarter and school in scope
-- numerator: schools with at least one member of staff trained on an HSB specialist or multi-agency HSB course
-- denominator: schools that answer
-- gap: nobody trained on HSB
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools but nurseries
-- extracts: training
-- owner: partnership
-- closes: The partnership offers a place on a multi-agency HSB course and the school takes it.
-- weight: 2
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
with hsb as (
    select submission_id, quarter, urn, sum(staff_trained) as trained
    from current_training
    where topic = 'HSB'
    group by submission_id, quarter, urn
),

answered as (
    select s.quarter, s.borough_code, s.urn, a.reason, a.answer_quarter, a.submission_id,
        h.trained, s.phase = 'nursery' or s.school_type = 'nursery' as is_nursery
    from school as s
    inner join standing_answer as a
        on s.quarter = a.quarter
        and s.urn = a.urn
        and a.topic = 'HSB'
    left join hsb as h
        on a.submission_id = h.submission_id
        and a.answer_quarter = h.quarter
        and a.urn = h.urn
    where s.quarter = any($quarters::varchar[])
        and s.borough_code = any($boroughs::varchar[])
)

select quarter, borough_code, urn,
    case
        when is_nursery then 'not_applicable'
        when reason is not null then 'unknown'
        when trained >= 1 then 'met'
        else 'gap'
    end as state,
    case when not is_nursery then reason end as reason,
    case
        when trained is null then null
        when trained >= 1 then 'someone is trained in date'
        else 'nobody is trained in date'
    end as evidence,
    answer_quarter as evidence_quarter, submission_id
from answered
