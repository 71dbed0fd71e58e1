-- How many schools of each borough have the gap of every chosen indicator at once?
-- A school is left out where one of them does not apply to it. `failing`: a gap on each; `passing`:
-- at least one met; `unknown`: none met, and at least one unknown. Shares are failing / (failing +
-- passing), with a 95% Wilson score interval. Numbers of schools alone leave this question.
-- grain: one row per borough, all of them
-- $quarter: calendar quarter, as 2026-Q3
-- $indicators (list): names of indicators of school grain, each once
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with judged as (
    select s.borough_code, s.urn, s.pupils, bool_or(i.state = 'met') as is_passing,
        bool_and(i.state = 'gap') as is_failing
    from indicator_state as i
    inner join school as s
        on i.quarter = s.quarter
        and i.urn = s.urn
    where i.quarter = $quarter
        and i.indicator = any($indicators::varchar[])
        and ($phase::varchar is null or s.phase = $phase)
        and ($school_type::varchar is null or s.school_type = $school_type)
    group by s.borough_code, s.urn, s.pupils
    having not bool_or(i.state = 'not_applicable')
),

counted as (
    select b.borough_code, b.borough,
        count(j.urn) as schools,
        count(*) filter (where j.is_failing) as failing,
        count(*) filter (where j.is_passing) as passing,
        count(*) filter (where not j.is_failing and not j.is_passing) as unknown,
        coalesce(sum(j.pupils) filter (where j.is_failing), 0)::bigint as pupils_failing,
        count(*) filter (where j.is_failing and j.pupils is null) as failing_without_pupils
    from borough as b
    left join judged as j on b.borough_code = j.borough_code
    group by b.borough_code, b.borough
)

select borough_code, borough, schools, failing, passing, unknown, pupils_failing,
    failing_without_pupils, failing + passing as n,
    failing / nullif(failing + passing, 0) as share_failing,
    wilson_low(failing, failing + passing) as low,
    wilson_high(failing, failing + passing) as high,
    unknown / nullif(schools, 0) as share_unknown
from counted
order by failing desc, share_failing desc, borough asc
