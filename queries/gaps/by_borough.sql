-- How many schools of each borough meet an indicator in a quarter, and how sure is the share?
-- Shares are met / (met + gap), with a 95% Wilson score interval (Wilson, 1927; z = 1.959964).
-- grain: one row per borough, all of them
-- $quarter: calendar quarter, as 2026-Q3
-- $indicator: name of an indicator of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with school_state as (
    select i.borough_code, i.state, i.reason, s.pupils
    from indicator_state as i
    inner join school as s
        on i.quarter = s.quarter
        and i.urn = s.urn
    where i.quarter = $quarter
        and i.indicator = $indicator
        and ($phase::varchar is null or s.phase = $phase)
        and ($school_type::varchar is null or s.school_type = $school_type)
),

counted as (
    select b.borough_code, b.borough, count(t.state) as schools,
        count(*) filter (where t.state = 'met') as met,
        count(*) filter (where t.state = 'gap') as gap,
        count(*) filter (where t.state = 'unknown') as unknown,
        count(*) filter (where t.state = 'not_applicable') as not_applicable,
        count(*) filter (where t.reason = 'not_submitted') as not_submitted,
        sum(t.pupils) filter (where t.state = 'gap') as pupils_gap
    from borough as b
    left join school_state as t on b.borough_code = t.borough_code
    group by b.borough_code, b.borough
),

final as (
    select borough_code, borough, schools, met, gap, unknown, not_applicable,
        met / nullif(met + gap, 0) as share_met,
        met + gap as n,
        1.959964 ^ 2 as z2,
        unknown / nullif(met + gap + unknown, 0) as share_unknown,
        not_submitted, pupils_gap
    from counted
)

select borough_code, borough, schools, met, gap, unknown, not_applicable, share_met,
    case when n > 0 then greatest(0, (share_met + z2 / (2 * n) - sqrt(
        z2 * (share_met * (1 - share_met) / n + z2 / (4 * n ^ 2))
    )) / (1 + z2 / n)) end as low,
    case when n > 0 then least(1, (share_met + z2 / (2 * n) + sqrt(
        z2 * (share_met * (1 - share_met) / n + z2 / (4 * n ^ 2))
    )) / (1 + z2 / n)) end as high,
    share_unknown, n, not_submitted, pupils_gap
from final
order by borough
