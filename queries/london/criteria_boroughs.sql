-- Which boroughs are under a share met on every chosen indicator at once?
-- Shares are met / (met + gap); one counts where at least the borough's own share of schools
-- (setting rank_known_share) is known, in whole per cent, as it is shown. `under`: indicators whose share counts and is under the ceiling;
-- `judged`: those whose share counts. `standing`: under on all; not under on all (at least one is at
-- the ceiling or over); unknown (none is, and at least one does not count).
-- grain: one row per borough, all of them; `shares` in the order of `indicators`
-- $quarter: calendar quarter, as 2026-Q3
-- $indicators (list): names of indicators of school grain, each once
-- $ceiling: share met, 0 to 1
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select borough_code, indicator,
        sum(schools) filter (where state = 'met') as met,
        sum(schools) filter (where state in ('met', 'gap')) as n,
        sum(schools) filter (where state = 'unknown') as unknown
    from state_count
    where quarter = $quarter
        and indicator = any($indicators::varchar[])
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by borough_code, indicator
),

shared as (
    select b.borough_code, b.borough, i.indicator,
        coalesce(c.met, 0) / nullif(coalesce(c.n, 0), 0) as share_met,
        coalesce(c.n, 0) > 0
        and c.n / (c.n + coalesce(c.unknown, 0)) >= s.value as is_judged
    from borough as b
    inner join borough_setting as s
        on b.borough_code = s.borough_code
        and s.setting = 'rank_known_share'
    inner join indicator as i on i.indicator = any($indicators::varchar[])
    left join counted as c
        on b.borough_code = c.borough_code
        and i.indicator = c.indicator
),

final as (
    select borough_code, borough,
        list(share_met order by list_position($indicators::varchar[], indicator)) as shares,
        count(*) filter (where is_judged) as judged,
        count(*) filter (where is_judged and round(share_met, 2) < $ceiling::double) as under,
        count(*) as chosen
    from shared
    group by borough_code, borough
)

select borough_code, borough, shares, judged, under,
    case
        when under = chosen then 'under on all'
        when judged > under then 'not under on all'
        else 'unknown'
    end as standing
from final
order by under desc, judged asc, borough asc
