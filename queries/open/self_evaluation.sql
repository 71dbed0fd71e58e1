-- How many criteria of the self-evaluation do schools meet, of those that apply to them, by the
-- return that stands in each held quarter?
-- `schools` gave both numbers; a borough whose schools answered without them has a row of 0.
-- grain: one row per held quarter and borough with a school whose return stands
with returned as (
    select a.quarter, a.borough_code, r.self_evaluation_met as met,
        r.self_evaluation_applicable as applicable,
        coalesce(r.self_evaluation_met >= 0 and r.self_evaluation_applicable > 0, false)
            as gave_both
    from school_asked as a
    inner join current_school_safeguarding as r
        on a.submission_id = r.submission_id
        and a.answer_quarter = r.quarter
        and a.answer_borough = r.borough_code
        and a.answer_urn = r.urn
    where a.topic = 'self_evaluation_returned'
        and a.reason is null
)

select quarter, borough_code, count(*) filter (where gave_both)::integer as schools,
    coalesce(sum(met) filter (where gave_both), 0)::bigint as criteria_met,
    coalesce(sum(applicable) filter (where gave_both), 0)::bigint as criteria_applicable
from returned
group by quarter, borough_code
