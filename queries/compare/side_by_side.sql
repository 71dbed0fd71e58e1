-- Where do areas stand on each indicator, and on which do they differ from London?
-- Shares are met / (met + gap) over all schools of an area, with a 95% Wilson score interval.
-- `ranked`: at least the strictest rank_known_share of its boroughs is known. `differs` from London:
-- higher or lower where both are ranked and the intervals do not overlap, else null. Boroughs of an
-- area where nothing is known are left out of its share and named in `missing`; `members_elsewhere`
-- lie outside London.
-- grain: one row per area, those asked for and London, and indicator of school grain
-- $quarter: calendar quarter, as 2026-Q3
-- $areas (list): areas as `area_id` of compare/areas
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select borough_code, indicator,
        coalesce(sum(schools) filter (where state = 'met'), 0) as met,
        coalesce(sum(schools) filter (where state in ('met', 'gap')), 0) as n,
        coalesce(sum(schools) filter (where state = 'unknown'), 0) as unknown
    from state_count
    where quarter = $quarter
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by borough_code, indicator
),

by_area as (
    select a.area_id, a.level, a.area, i.indicator, i.title, i.polarity, i.letter,
        coalesce(sum(c.met), 0)::bigint as met,
        coalesce(sum(c.n), 0)::bigint as n,
        coalesce(sum(c.unknown), 0)::bigint as unknown,
        max(s.value) as least_known,
        any_value(a.members) as members,
        any_value(a.members_elsewhere) as members_elsewhere,
        count(*) filter (where c.n > 0)::integer as members_with_data,
        string_agg(b.borough, ', ' order by b.borough)
            filter (where coalesce(c.n, 0) = 0) as missing
    from area_member as a
    inner join borough as b on a.borough_code = b.borough_code
    inner join borough_setting as s
        on a.borough_code = s.borough_code
        and s.setting = 'rank_known_share'
    inner join indicator as i on i.grain = 'school'
    left join counted as c
        on a.borough_code = c.borough_code
        and i.indicator = c.indicator
    where a.area_id = 'london:London' or a.area_id = any($areas::varchar[])
    group by a.area_id, a.level, a.area, i.indicator, i.title, i.polarity, i.letter
),

shared as (
    select *, met / nullif(n, 0) as share,
        wilson_low(met, n) as low,
        wilson_high(met, n) as high,
        unknown / nullif(n + unknown, 0) as share_unknown,
        n > 0 and n / (n + unknown) >= least_known as ranked
    from by_area
)

select a.area_id, a.level, a.area, a.indicator, a.title, a.polarity, a.met, a.n, a.unknown, a.share,
    a.low, a.high, a.share_unknown, a.ranked,
    case
        when not (a.ranked and l.ranked) then null
        when a.low > l.high then 'higher'
        when a.high < l.low then 'lower'
    end as differs,
    l.ranked as london_ranked, a.members, a.members_elsewhere, a.members_with_data, a.missing
from shared as a
inner join shared as l
    on a.indicator = l.indicator
    and l.area_id = 'london:London'
order by regexp_extract(a.letter, '\d+')::integer, a.title, a.area_id
