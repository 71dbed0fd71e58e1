-- How did the share of schools that meet an indicator move, in a borough and in London?
-- Shares are met / (met + gap), with a 95% Wilson score interval (Wilson, 1927; z = 1.959964).
-- grain: one row per quarter and area (the borough, London)
-- $indicator: name of an indicator of school grain
-- $borough: GSS code
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with school_state as (
    select i.quarter, i.borough_code, i.state
    from indicator_state as i
    inner join school as s
        on i.quarter = s.quarter
        and i.urn = s.urn
    where i.indicator = $indicator
        and ($phase::varchar is null or s.phase = $phase)
        and ($school_type::varchar is null or s.school_type = $school_type)
),

counted as (
    select quarter,
        case when borough_code = $borough then borough_code end as own_code,
        count(*) filter (where state = 'met') as met,
        count(*) filter (where state = 'gap') as gap,
        count(*) filter (where state = 'unknown') as unknown
    from school_state
    group by quarter, own_code
),

by_area as (
    select quarter, 'borough' as area, met, gap, unknown
    from counted
    where own_code is not null
    union all
    select quarter, 'London' as area, sum(met)::bigint as met, sum(gap)::bigint as gap,
        sum(unknown)::bigint as unknown
    from counted
    group by quarter
),

final as (
    select *, met + gap as n, met / nullif(met + gap, 0) as share_met, 1.959964 ^ 2 as z2
    from by_area
)

select quarter, area, met, gap, unknown, n, share_met,
    case when n > 0 then greatest(0, (share_met + z2 / (2 * n) - sqrt(
        z2 * (share_met * (1 - share_met) / n + z2 / (4 * n ^ 2))
    )) / (1 + z2 / n)) end as low,
    case when n > 0 then least(1, (share_met + z2 / (2 * n) + sqrt(
        z2 * (share_met * (1 - share_met) / n + z2 / (4 * n ^ 2))
    )) / (1 + z2 / n)) end as high
from final
order by quarter, area
