-- How did the share of schools that meet an indicator move, in a borough and in London?
-- Shares are met / (met + gap), with a 95% Wilson score interval.
-- grain: one row per quarter and area (the borough, London)
-- $indicator: name of an indicator of school grain
-- $borough: GSS code
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with chosen as (
    select quarter, borough_code = $borough as is_own, state, schools
    from state_count
    where indicator = $indicator
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
),

by_area as (
    select quarter, 'borough' as area, state, schools
    from chosen
    where is_own
    union all
    select quarter, 'London' as area, state, schools
    from chosen
),

counted as (
    select quarter, area,
        coalesce(sum(schools) filter (where state = 'met'), 0)::bigint as met,
        coalesce(sum(schools) filter (where state = 'gap'), 0)::bigint as gap,
        coalesce(sum(schools) filter (where state = 'unknown'), 0)::bigint as unknown
    from by_area
    group by quarter, area
)

select quarter, area, met, gap, unknown, met + gap as n,
    met / nullif(met + gap, 0) as share_met,
    wilson_low(met, met + gap) as low,
    wilson_high(met, met + gap) as high
from counted
order by quarter, area
