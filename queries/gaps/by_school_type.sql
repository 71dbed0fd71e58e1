-- How many schools of each type meet an indicator in a quarter?
-- grain: one row per school type
-- $quarter: calendar quarter, as 2026-Q3
-- $indicator: name of an indicator of school grain
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone
with counted as (
    select school_type, sum(schools)::bigint as schools,
        coalesce(sum(schools) filter (where state = 'met'), 0)::bigint as met,
        coalesce(sum(schools) filter (where state = 'gap'), 0)::bigint as gap,
        coalesce(sum(schools) filter (where state = 'unknown'), 0)::bigint as unknown,
        coalesce(sum(schools) filter (where state = 'not_applicable'), 0)::bigint
            as not_applicable
    from state_count
    where quarter = $quarter
        and indicator = $indicator
        and ($borough::varchar is null or borough_code = $borough)
        and ($phase::varchar is null or phase = $phase)
    group by school_type
)

select school_type, schools, met, gap, unknown, not_applicable,
    met / nullif(met + gap, 0) as share_met,
    wilson_low(met, met + gap) as low,
    wilson_high(met, met + gap) as high
from counted
order by schools desc, school_type asc
