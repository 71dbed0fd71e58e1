-- How many schools of each borough meet each indicator in a quarter, how sure is the share, and how
-- did it change for the schools that answered in the held quarter before as well?
-- Shares are met / (met + gap), with a 95% Wilson score interval. `ranked`: at least the borough's
-- own share of schools (setting rank_known_share) is known. `same_`: schools met or gap both times.
-- grain: one row per borough, all of them, and indicator of school grain with a polarity
-- $quarter: calendar quarter, as 2026-Q3
-- $indicator (optional): one indicator alone
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select borough_code, indicator,
        sum(schools) filter (where state = 'met') as met,
        sum(schools) filter (where state = 'gap') as gap,
        sum(schools) filter (where state in ('met', 'gap')) as n,
        sum(schools) filter (where state = 'unknown') as unknown,
        sum(schools) filter (where state = 'not_applicable') as not_applicable,
        sum(schools) filter (
            where state in ('met', 'gap') and state_before in ('met', 'gap')
        ) as same_n,
        sum(schools) filter (where state = 'met' and state_before in ('met', 'gap')) as same_met,
        sum(schools) filter (
            where state in ('met', 'gap') and state_before = 'met'
        ) as same_met_before
    from state_count
    where quarter = $quarter
        and ($indicator::varchar is null or indicator = $indicator)
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by borough_code, indicator
),

final as (
    select b.borough_code, b.borough, i.indicator, i.title, i.letter,
        coalesce(c.met, 0)::bigint as met,
        coalesce(c.gap, 0)::bigint as gap,
        coalesce(c.unknown, 0)::bigint as unknown,
        coalesce(c.not_applicable, 0)::bigint as not_applicable,
        coalesce(c.n, 0)::bigint as n,
        coalesce(c.same_n, 0)::bigint as same_n,
        coalesce(c.same_met, 0)::bigint as same_met,
        coalesce(c.same_met_before, 0)::bigint as same_met_before,
        s.value as least_known
    from borough as b
    cross join indicator as i
    inner join borough_setting as s
        on b.borough_code = s.borough_code
        and s.setting = 'rank_known_share'
    left join counted as c
        on b.borough_code = c.borough_code
        and i.indicator = c.indicator
    where i.grain = 'school'
        and i.polarity <> 'none'
        and ($indicator::varchar is null or i.indicator = $indicator)
)

select borough_code, borough, indicator, met, gap, unknown, not_applicable, n,
    met / nullif(n, 0) as share_met,
    wilson_low(met, n) as low,
    wilson_high(met, n) as high,
    unknown / nullif(n + unknown, 0) as share_unknown,
    n > 0 and n / (n + unknown) >= least_known as ranked,
    same_n, same_met, same_met_before
from final
order by borough, regexp_extract(letter, '\d+')::integer, title
