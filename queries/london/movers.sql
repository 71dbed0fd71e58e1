-- Which boroughs improved on an indicator since the quarter before, and which slipped: schools that
-- were met or gap in both quarters only?
-- `points`: change of the share met of the same schools, in percentage points, with a 95% interval
-- of a paired difference (Agresti and Min 2005, doi:10.1002/sim.1781: half a school is added to each
-- of the four cells). `standing`: revised (a return that the change rests on was replaced after it
-- first came, so the change may be the correction's), too few (under `least` same schools, or
-- less known than the borough's setting rank_known_share), else improved, slipped or unchanged.
-- grain: one row per borough, all of them; the most improved first
-- $quarter: calendar quarter, as 2026-Q3
-- $previous: the quarter before, which is held
-- $indicator: name of an indicator of school grain
-- $least: same schools from which a change is called one
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select borough_code,
        sum(schools) filter (where state in ('met', 'gap')) as n,
        sum(schools) filter (where state = 'unknown') as unknown,
        sum(schools) filter (where state = 'gap') as gap,
        sum(schools) filter (
            where state in ('met', 'gap') and state_before in ('met', 'gap')
        ) as same_n,
        sum(schools) filter (where state = 'met' and state_before in ('met', 'gap')) as same_met,
        sum(schools) filter (where state = 'met' and state_before = 'gap') as closed,
        sum(schools) filter (where state = 'gap' and state_before = 'met') as opened
    from state_count
    where quarter = $quarter
        and indicator = $indicator
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by borough_code
),

revision as (
    select s.borough_code, count(*) as returns
    from submission_status as s
    inner join indicator as i
        on i.indicator = $indicator
        and list_contains(i.extracts, s.extract)
    inner join submission_received as r
        on s.extract = r.extract
        and s.quarter = r.quarter
        and s.borough_code = r.borough_code
    where s.quarter in ($quarter, $previous)
        and s.version > 1
        and s.published_at > r.first_sent_at
    group by s.borough_code
),

stated as (
    select b.borough_code, b.borough, k.value as least_known,
        coalesce(c.n, 0)::bigint as n,
        coalesce(c.unknown, 0)::bigint as unknown,
        coalesce(c.gap, 0)::bigint as gap,
        coalesce(c.same_n, 0)::bigint as same_n,
        coalesce(c.same_met, 0)::bigint as same_met,
        coalesce(c.closed, 0)::bigint as closed,
        coalesce(c.opened, 0)::bigint as opened,
        coalesce(r.returns, 0)::bigint as revised_returns
    from borough as b
    inner join borough_setting as k
        on b.borough_code = k.borough_code
        and k.setting = 'rank_known_share'
    left join counted as c on b.borough_code = c.borough_code
    left join revision as r on b.borough_code = r.borough_code
),

measured as (
    select *, same_n < $least::integer or n / nullif(n + unknown, 0) < least_known as is_few,
        (closed - opened) / (same_n + 2) as middle,
        sqrt(closed + opened + 1 - (closed - opened) ^ 2 / (same_n + 2)) / (same_n + 2) as error
    from stated
)

select borough_code, borough, n, unknown, gap, same_n,
    same_met / nullif(same_n, 0) as same_share,
    (same_met - closed + opened) / nullif(same_n, 0) as same_share_before,
    closed, opened,
    100 * (closed - opened) / nullif(same_n, 0) as points,
    case when same_n > 0 then 100 * greatest(-1, middle - 1.959964 * error) end as low,
    case when same_n > 0 then 100 * least(1, middle + 1.959964 * error) end as high,
    revised_returns,
    case
        when revised_returns > 0 then 'revised'
        when is_few then 'too few'
        when closed > opened then 'improved'
        when closed < opened then 'slipped'
        else 'unchanged'
    end as standing
from measured
order by points desc nulls last, same_n desc, borough asc
