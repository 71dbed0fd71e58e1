-- How many schools stand where on each indicator, and where did they stand the held quarter before?
-- grain: one row per quarter, borough, school type, phase, indicator, state, reason and state before
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
-- $indicators (list): names of indicators of school grain
with held as (
    select quarter, lag(quarter) over (order by quarter) as quarter_before
    from held_quarter
),

asked as (
    select quarter, quarter_before
    from held
    where quarter = any($quarters::varchar[])
),

now as (
    select a.quarter_before, i.quarter, i.borough_code, i.urn, i.indicator, i.state, i.reason
    from indicator_state as i
    inner join asked as a on i.quarter = a.quarter
    where i.borough_code = any($boroughs::varchar[])
        and i.indicator = any($indicators::varchar[])
),

earlier as (
    select i.quarter, i.borough_code, i.urn, i.indicator, i.state
    from indicator_state as i
    inner join asked as a on i.quarter = a.quarter_before
    where i.borough_code = any($boroughs::varchar[])
        and i.indicator = any($indicators::varchar[])
)

select n.quarter, n.borough_code, s.school_type, s.phase, n.indicator, n.state, n.reason,
    e.state as state_before, count(*) as schools,
    coalesce(sum(s.pupils), 0)::bigint as pupils,
    count(*) filter (where s.pupils is null) as schools_without_pupils
from now as n
inner join school as s
    on n.quarter = s.quarter
    and n.borough_code = s.borough_code
    and n.urn = s.urn
left join earlier as e
    on n.quarter_before = e.quarter
    and n.borough_code = e.borough_code
    and n.urn = e.urn
    and n.indicator = e.indicator
group by all
