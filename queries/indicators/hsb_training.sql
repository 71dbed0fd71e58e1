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
-- topic: HSB
-- owner: partnership
-- closes: The partnership offers a place on a multi-agency HSB course and the school takes it.
-- weight: 2
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
with hsb as (
    select submission_id, quarter, borough_code, urn, sum(staff_trained) as trained
    from current_training
    where topic = 'HSB'
    group by submission_id, quarter, borough_code, urn
)

select a.quarter, a.borough_code, a.urn,
    case
        when a.is_nursery then 'not_applicable'
        when a.reason is not null then 'unknown'
        when h.trained >= 1 then 'met'
        else 'gap'
    end as state,
    case when not a.is_nursery then a.reason end as reason,
    case
        when h.trained >= 1 then 'someone is trained in date'
        when h.trained = 0 then 'nobody is trained in date'
    end || a.origin as evidence,
    a.answer_quarter as evidence_quarter, a.evidence_urn, a.submission_id
from school_asked as a
left join hsb as h
    on a.submission_id = h.submission_id
    and a.answer_quarter = h.quarter
    and a.answer_borough = h.borough_code
    and a.answer_urn = h.urn
where a.topic = 'HSB'
    and a.quarter = any($quarters::varchar[])
    and a.borough_code = any($boroughs::varchar[])
