-- How many schools of each type in a borough meet each indicator?
-- Shares are met / (met + gap).
-- grain: one row per indicator of school grain and school type that the borough has
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $phase (optional): one phase alone
with counted as (
    select indicator, school_type,
        coalesce(sum(schools) filter (where state = 'met'), 0)::bigint as met,
        coalesce(sum(schools) filter (where state = 'gap'), 0)::bigint as gap,
        coalesce(sum(schools) filter (where state = 'unknown'), 0)::bigint as unknown,
        coalesce(sum(schools) filter (where state = 'not_applicable'), 0)::bigint
            as not_applicable,
        sum(schools)::bigint as schools
    from state_count
    where borough_code = $borough
        and quarter = $quarter
        and ($phase::varchar is null or phase = $phase)
    group by indicator, school_type
)

select c.indicator, i.title, c.school_type, c.schools, c.met, c.gap, c.unknown, c.not_applicable,
    c.met + c.gap as n, c.met / nullif(c.met + c.gap, 0) as share_met,
    c.unknown / nullif(c.met + c.gap + c.unknown, 0) as share_unknown
from counted as c
inner join indicator as i on c.indicator = i.indicator
order by regexp_extract(i.letter, '\d+')::integer, i.title, c.school_type
