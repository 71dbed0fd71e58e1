-- Which boroughs have no answer of an extract that still counts, now and in the quarter before, and
-- how many schools and pupils are in them?
-- grain: one row per borough and extract asked for
-- $quarter: calendar quarter, as 2026-Q3
-- $previous (optional): the quarter before, where it is held
-- $extracts (list): the extracts
-- $phase (optional): count the schools of one phase alone
-- $school_type (optional): count the schools of one school type alone
with asked as (
    select q.quarter, q.ends, q.term_no, e.extract, e.title, e.valid_for_count, e.valid_for_unit,
        b.borough_code, b.borough
    from quarter as q
    cross join extract as e
    cross join borough as b
    where q.quarter in ($quarter, $previous)
        and e.extract = any($extracts::varchar[])
),

latest as (
    select a.quarter, a.extract, a.borough_code, max(s.quarter) as last_quarter
    from asked as a
    inner join submission_status as s
        on a.extract = s.extract
        and a.borough_code = s.borough_code
        and a.quarter >= s.quarter
    group by a.quarter, a.extract, a.borough_code
),

judged as (
    select a.quarter, a.extract, a.title, a.borough_code, a.borough, l.last_quarter,
        not coalesce(
            case a.valid_for_unit
                when 'month' then date_diff('month', q.ends, a.ends) <= a.valid_for_count
                else a.term_no - q.term_no < a.valid_for_count
            end,
            false
        ) as is_missing
    from asked as a
    left join latest as l
        on a.quarter = l.quarter
        and a.extract = l.extract
        and a.borough_code = l.borough_code
    left join quarter as q on l.last_quarter = q.quarter
),

counted as (
    select borough_code, sum(schools) as schools, sum(pupils) as pupils
    from state_count
    where quarter = $quarter
        and indicator = (select min(c.indicator) from state_count as c where c.quarter = $quarter)
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by borough_code
)

select n.extract, n.title, n.borough_code, n.borough, n.last_quarter, n.is_missing,
    case when $previous is not null then p.is_missing end as was_missing,
    coalesce(c.schools, 0)::bigint as schools,
    coalesce(c.pupils, 0)::bigint as pupils
from judged as n
left join judged as p
    on n.extract = p.extract
    and n.borough_code = p.borough_code
    and p.quarter = $previous
left join counted as c on n.borough_code = c.borough_code
where n.quarter = $quarter
order by n.borough, n.extract
