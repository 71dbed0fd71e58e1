-- In how many boroughs was a type of school told something by an agency, in this and the three
-- quarters before? A message to all types tells each of them.
-- grain: one row per school type that a school in scope has, and one of any type (null)
-- $quarter: calendar quarter, as 2026-Q3
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone, for which types there are; messages are not split by phase
with kind as (
    select distinct school_type
    from state_count
    where quarter = $quarter
        and ($borough::varchar is null or borough_code = $borough)
        and ($phase::varchar is null or phase = $phase)
    union all
    select null
),

told as (
    select m.borough_code, m.school_type
    from message as m
    inner join quarter as q on q.quarter = $quarter
    inner join quarter as w
        on m.quarter = w.quarter
        and w.starts between q.starts - interval 9 month and q.starts
    where $borough::varchar is null or m.borough_code = $borough
),

area as (
    select count(*) as boroughs
    from borough
    where $borough::varchar is null or borough_code = $borough
)

select k.school_type, count(distinct t.borough_code)::bigint as boroughs_told,
    any_value(a.boroughs)::bigint as boroughs
from kind as k
cross join area as a
left join told as t on k.school_type is null or t.school_type in (k.school_type, 'all')
group by k.school_type
order by k.school_type
