-- How many schools of each borough meet an indicator in a quarter, and how sure is the share?
-- Shares are met / (met + gap), with a 95% Wilson score interval. The reasons of `unknown` add up to
-- it; `pupils_gap` is null where no school with the gap has its number of pupils known.
-- grain: one row per borough, all of them
-- $quarter: calendar quarter, as 2026-Q3
-- $indicator: name of an indicator of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select b.borough_code, b.borough,
        coalesce(sum(c.schools), 0)::bigint as schools,
        coalesce(sum(c.schools) filter (where c.state = 'met'), 0)::bigint as met,
        coalesce(sum(c.schools) filter (where c.state = 'gap'), 0)::bigint as gap,
        coalesce(sum(c.schools) filter (where c.state = 'unknown'), 0)::bigint as unknown,
        coalesce(sum(c.schools) filter (where c.state = 'not_applicable'), 0)::bigint
            as not_applicable,
        coalesce(sum(c.schools) filter (where c.reason = 'not_asked'), 0)::bigint as not_asked,
        coalesce(sum(c.schools) filter (where c.reason = 'no_reply'), 0)::bigint as no_reply,
        coalesce(sum(c.schools) filter (where c.reason = 'not_submitted'), 0)::bigint
            as not_submitted,
        coalesce(sum(c.schools) filter (where c.reason = 'no_row'), 0)::bigint as no_row,
        coalesce(sum(c.schools) filter (where c.reason = 'out_of_date'), 0)::bigint
            as out_of_date,
        coalesce(sum(c.pupils) filter (where c.state = 'gap'), 0)::bigint as pupils_gap,
        coalesce(sum(c.schools_without_pupils) filter (where c.state = 'gap'), 0)::bigint
            as gap_without_pupils
    from borough as b
    left join state_count as c
        on b.borough_code = c.borough_code
        and c.quarter = $quarter
        and c.indicator = $indicator
        and ($phase::varchar is null or c.phase = $phase)
        and ($school_type::varchar is null or c.school_type = $school_type)
    group by b.borough_code, b.borough
)

select borough_code, borough, schools, met, gap, unknown, not_applicable,
    met / nullif(met + gap, 0) as share_met,
    wilson_low(met, met + gap) as low,
    wilson_high(met, met + gap) as high,
    unknown / nullif(met + gap + unknown, 0) as share_unknown,
    met + gap as n,
    not_asked, no_reply, not_submitted, no_row, out_of_date,
    case when gap > gap_without_pupils then pupils_gap end as pupils_gap,
    gap_without_pupils
from counted
order by borough
