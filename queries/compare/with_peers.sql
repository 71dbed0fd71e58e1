-- How does a borough stand against London, its half of London, its statistical neighbours, its police
-- command unit, its integrated care board and its partnership?
-- Shares are met / (met + gap) over all schools of the group, with a 95% Wilson score interval.
-- Boroughs of the group where nothing is known are left out of its share and named in `missing`;
-- neighbours `outside_london` are not held. `ranked`: at least the strictest rank_known_share of its
-- boroughs is known. `differs`: the borough is higher or lower than the group, where both are ranked
-- and the intervals do not overlap, else null.
-- grain: one row per indicator of school grain and kind of group that the borough belongs to
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $indicator (optional): one indicator alone
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select borough_code, indicator,
        coalesce(sum(schools) filter (where state = 'met'), 0) as met,
        coalesce(sum(schools) filter (where state in ('met', 'gap')), 0) as n,
        coalesce(sum(schools) filter (where state = 'unknown'), 0) as unknown
    from state_count
    where quarter = $quarter
        and ($indicator::varchar is null or indicator = $indicator)
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by borough_code, indicator
),

grouped as (
    select kind, name, member_code from peer
    where borough_code = $borough
    union all
    select 'own' as kind, borough as name, borough_code as member_code from borough
    where borough_code = $borough
),

by_group as (
    select g.kind, g.name, i.indicator, i.title, i.polarity, i.letter,
        coalesce(sum(c.met), 0)::bigint as met,
        coalesce(sum(c.n), 0)::bigint as n,
        coalesce(sum(c.unknown), 0)::bigint as unknown,
        max(s.value) as least_known,
        count(*)::integer as members,
        count(*) filter (where c.n > 0)::integer as members_with_data,
        string_agg(b.borough, ', ' order by b.borough)
            filter (where coalesce(c.n, 0) = 0) as missing
    from grouped as g
    inner join borough as b on g.member_code = b.borough_code
    inner join borough_setting as s
        on g.member_code = s.borough_code
        and s.setting = 'rank_known_share'
    inner join indicator as i
        on i.grain = 'school'
        and ($indicator::varchar is null or i.indicator = $indicator)
    left join counted as c
        on g.member_code = c.borough_code
        and i.indicator = c.indicator
    group by g.kind, g.name, i.indicator, i.title, i.polarity, i.letter
),

shared as (
    select *, met / nullif(n, 0) as share,
        wilson_low(met, n) as low,
        wilson_high(met, n) as high,
        unknown / nullif(n + unknown, 0) as share_unknown,
        n > 0 and n / (n + unknown) >= least_known as ranked
    from by_group
),

outside as (
    select count(*)::integer as neighbours
    from neighbour
    where borough_code = $borough
        and neighbour_borough_code is null
)

select p.indicator, p.title, p.polarity, p.kind, p.name, p.share, p.low, p.high, p.n, p.unknown,
    p.share_unknown, p.ranked, p.members, p.members_with_data, p.missing,
    case when p.kind = 'neighbours' then e.neighbours else 0 end as outside_london,
    o.share as own_share, o.low as own_low, o.high as own_high, o.n as own_n,
    o.unknown as own_unknown, o.share_unknown as own_share_unknown, o.ranked as own_ranked,
    case
        when not (o.ranked and p.ranked) then null
        when o.low > p.high then 'higher'
        when o.high < p.low then 'lower'
    end as differs
from shared as p
inner join shared as o
    on p.indicator = o.indicator
    and o.kind = 'own'
cross join outside as e
where p.kind <> 'own'
order by
    regexp_extract(p.letter, '\d+')::integer, p.title,
    list_position(
        ['london', 'inner or outer', 'neighbours', 'command unit', 'integrated care board',
            'partnership'], p.kind
    )
