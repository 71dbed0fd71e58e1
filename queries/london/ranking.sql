-- Where does each borough stand on an indicator, and is it getting better?
-- Shares are met / (met + gap), with a 95% Wilson score interval. `place` 1 is the lowest share;
-- equal shares share a place. `ranked`: at least the borough's own share of schools (setting
-- rank_known_share) is known. `points`: change of the share on the quarter before, in percentage
-- points, for all schools; `same_points`: for those that were met or gap in both quarters.
-- `trend`: the share in the last eight held quarters, the oldest first, null where nothing is known.
-- grain: one row per borough, all of them; those ranked first, the lowest share on top
-- $quarter: calendar quarter, as 2026-Q3
-- $previous (optional): the quarter before, where it is held
-- $indicator: name of an indicator of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with recent as (
    select quarter
    from held_quarter
    where quarter <= $quarter
    order by quarter desc
    limit 8
),

counted as (
    select quarter, borough_code,
        sum(schools) as schools,
        sum(schools) filter (where state = 'met') as met,
        sum(schools) filter (where state = 'gap') as gap,
        sum(schools) filter (where state in ('met', 'gap')) as n,
        sum(schools) filter (where state = 'unknown') as unknown,
        sum(schools) filter (where state = 'not_applicable') as not_applicable,
        sum(pupils) filter (where state = 'gap') as pupils_gap,
        sum(schools) filter (
            where state in ('met', 'gap') and state_before in ('met', 'gap')
        ) as same_n,
        sum(schools) filter (where state = 'met' and state_before in ('met', 'gap')) as same_met,
        sum(schools) filter (
            where state in ('met', 'gap') and state_before = 'met'
        ) as same_met_before
    from state_count
    where indicator = $indicator
        and quarter in (select r.quarter from recent as r)
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by quarter, borough_code
),

moved as (
    select b.borough_code,
        list(coalesce(c.met, 0) / nullif(c.n, 0) order by r.quarter) as trend,
        max(coalesce(c.met, 0) / nullif(c.n, 0)) filter (where r.quarter = $previous)
            as share_before
    from borough as b
    cross join recent as r
    left join counted as c
        on b.borough_code = c.borough_code
        and r.quarter = c.quarter
    group by b.borough_code
),

stated as (
    select b.borough_code, b.borough,
        coalesce(c.schools, 0)::bigint as schools,
        coalesce(c.met, 0)::bigint as met,
        coalesce(c.gap, 0)::bigint as gap,
        coalesce(c.n, 0)::bigint as n,
        coalesce(c.unknown, 0)::bigint as unknown,
        coalesce(c.not_applicable, 0)::bigint as not_applicable,
        coalesce(c.pupils_gap, 0)::bigint as pupils_gap,
        case when $previous is not null then coalesce(c.same_n, 0)::bigint end as same_n,
        coalesce(c.same_met, 0)::bigint as same_met,
        coalesce(c.same_met_before, 0)::bigint as same_met_before,
        m.share_before, m.trend, s.value as least_known
    from borough as b
    inner join borough_setting as s
        on b.borough_code = s.borough_code
        and s.setting = 'rank_known_share'
    left join counted as c
        on b.borough_code = c.borough_code
        and c.quarter = $quarter
    left join moved as m on b.borough_code = m.borough_code
),

shared as (
    select *, met / nullif(n, 0) as share_met,
        n > 0 and n / (n + unknown) >= least_known as ranked
    from stated
)

select borough_code, borough, schools, met, gap, n, unknown, not_applicable, pupils_gap, share_met,
    wilson_low(met, n) as low,
    wilson_high(met, n) as high,
    unknown / nullif(n + unknown, 0) as share_unknown,
    ranked,
    case when ranked then rank() over (partition by ranked order by share_met) end as place,
    share_before,
    100 * (share_met - share_before) as points,
    same_n,
    100 * (same_met - same_met_before) / nullif(same_n, 0) as same_points,
    trend
from shared
order by place asc nulls last, borough asc
