-- How many answers are unknown in some boroughs, and why?
-- grain: one row per reason of unknown that occurs
-- $quarter: calendar quarter, as 2026-Q3
-- $boroughs (list): GSS codes
-- $indicator (optional): one indicator of school grain alone; all of them when it is not given
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
select reason, sum(schools)::bigint as answers
from state_count
where quarter = $quarter
    and state = 'unknown'
    and borough_code = any($boroughs::varchar[])
    and ($indicator::varchar is null or indicator = $indicator)
    and ($phase::varchar is null or phase = $phase)
    and ($school_type::varchar is null or school_type = $school_type)
group by reason
order by reason
