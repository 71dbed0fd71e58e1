-- How do boroughs that take part in something stand on an indicator beside the rest? They take part
-- where an item of their review is in progress or done; those that said nothing of it are apart.
-- The share of schools is of those with a known answer, in percent, with its 95% interval.
-- grain: one row per group (taking part, not taking part, not reported), all three
-- $quarter: calendar quarter, as 2026-Q3
-- $item: an item of the review, as DSL supervision pilot
-- $indicator: name of an indicator of school grain
with grouped as (
    select b.borough_code, b.borough,
        case
            when r.status in ('in progress', 'done') then 'taking part'
            when r.status is not null then 'not taking part'
            else 'not reported'
        end as taking_part
    from borough as b
    left join review_item as r
        on r.quarter = $quarter
        and b.borough_code = r.borough_code
        and r.item = $item
),

counted as (
    select g.taking_part,
        coalesce(sum(s.schools) filter (where s.state = 'met'), 0)::bigint as met,
        coalesce(sum(s.schools) filter (where s.state = 'gap'), 0)::bigint as gap,
        coalesce(sum(s.schools) filter (where s.state = 'unknown'), 0)::bigint as unknown,
        count(distinct g.borough_code) as boroughs,
        list_sort(list(distinct g.borough)) as borough_names
    from grouped as g
    left join state_count as s
        on g.borough_code = s.borough_code
        and s.quarter = $quarter
        and s.indicator = $indicator
    group by g.taking_part
)

select p.taking_part, coalesce(c.boroughs, 0) as boroughs, c.borough_names,
    coalesce(c.met, 0) as met, coalesce(c.gap, 0) as gap, coalesce(c.unknown, 0) as unknown,
    100.0 * c.met / nullif(c.met + c.gap, 0) as share,
    100.0 * wilson_low(c.met, c.met + c.gap) as low,
    100.0 * wilson_high(c.met, c.met + c.gap) as high,
    100.0 * c.unknown / nullif(c.met + c.gap + c.unknown, 0) as share_unknown
from (values (1, 'taking part'), (2, 'not taking part'), (3, 'not reported'))
    as p (place, taking_part)
left join counted as c on p.taking_part = c.taking_part
order by p.place
