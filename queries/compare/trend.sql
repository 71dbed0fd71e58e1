-- How did the share of schools that meet an indicator move in every borough, in London and in the
-- areas asked for?
-- Shares are met / (met + gap) over all schools of an area, with a 95% Wilson score interval; null
-- where nothing is known. `ranked`: at least the strictest rank_known_share of its boroughs is known.
-- grain: one row per area (every borough, London, those asked for) and held quarter
-- $indicator: name of an indicator of school grain
-- $areas (list): further areas as `area_id` of compare/areas
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select quarter, borough_code,
        coalesce(sum(schools) filter (where state = 'met'), 0) as met,
        coalesce(sum(schools) filter (where state in ('met', 'gap')), 0) as n,
        coalesce(sum(schools) filter (where state = 'unknown'), 0) as unknown
    from state_count
    where indicator = $indicator
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by quarter, borough_code
),

final as (
    select a.area_id, a.level, a.area, h.quarter,
        coalesce(sum(c.met), 0)::bigint as met,
        coalesce(sum(c.n), 0)::bigint as n,
        coalesce(sum(c.unknown), 0)::bigint as unknown,
        max(s.value) as least_known
    from area_member as a
    cross join held_quarter as h
    inner join borough_setting as s
        on a.borough_code = s.borough_code
        and s.setting = 'rank_known_share'
    left join counted as c
        on a.borough_code = c.borough_code
        and h.quarter = c.quarter
    where a.level in ('borough', 'london') or a.area_id = any($areas::varchar[])
    group by a.area_id, a.level, a.area, h.quarter
)

select area_id, level, area, quarter, met, n, unknown,
    met / nullif(n, 0) as share_met,
    wilson_low(met, n) as low,
    wilson_high(met, n) as high,
    n > 0 and n / (n + unknown) >= least_known as ranked
from final
order by area, area_id, quarter
