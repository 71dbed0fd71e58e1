-- What is a borough's own lead told of a school beside what everybody sees?
-- Staff in scope are those of the answer on DSL training that stands, one course row per person.
-- Asked of the exact store alone.
-- own: exact
-- grain: one row, or none where the school is not in scope
-- $urn: the school
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code of its borough
with trained as (
    select sum(t.staff_in_scope)::bigint as staff_in_scope,
        sum(t.staff_trained)::bigint as staff_trained, any_value(a.answer_quarter) as dsl_quarter
    from standing_answer as a
    inner join current_training as t
        on a.submission_id = t.submission_id
        and a.answer_quarter = t.quarter
        and a.answer_borough = t.borough_code
        and a.answer_urn = t.urn
        and a.topic = t.topic
    where a.quarter = $quarter
        and a.borough_code = $borough
        and a.urn = $urn::integer
        and a.topic = 'DSL'
        and a.reason is null
)

select g.testimonies, g.hsb_reports_two_years, g.hsb_reports_quarter, g.no_referral_state,
    g.no_referral_reason, t.staff_in_scope, t.staff_trained, t.dsl_quarter
from school_signal as g
cross join trained as t
where g.quarter = $quarter
    and g.borough_code = $borough
    and g.urn = $urn::integer
