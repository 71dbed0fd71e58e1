-- In how many schools is an answer to any of the chosen questions not asked for, not come, or a no,
-- and how many pupils are in them?
-- A school counts once for each of the three, however many of its answers are so. States of one
-- quarter, read once: no sum of state_count tells schools from answers.
-- grain: one row per answer (gap, no_reply, not_asked) that any school has
-- $quarter: calendar quarter, as 2026-Q3
-- $indicators (list): names of indicators of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with answered as (
    select distinct borough_code, urn, coalesce(reason, state) as answer
    from indicator_state
    where quarter = $quarter
        and indicator = any($indicators::varchar[])
        and (state = 'gap' or reason in ('not_asked', 'no_reply'))
)

select a.answer, count(*) as schools, coalesce(sum(s.pupils), 0)::bigint as pupils,
    count(*) filter (where s.pupils is null) as without_pupils
from answered as a
inner join school as s
    on a.borough_code = s.borough_code
    and a.urn = s.urn
where s.quarter = $quarter
    and ($phase::varchar is null or s.phase = $phase)
    and ($school_type::varchar is null or s.school_type = $school_type)
group by a.answer
order by a.answer
