-- How far are the items of the partnerships' reviews in an area? Of each item the boroughs by the
-- status that stands; `not_reported` are those that said nothing of it: unknown, not undone.
-- grain: one row per item that any borough of London ever reported
-- $quarter: calendar quarter, as 2026-Q3
-- $level: level of the area: borough, partnership, command unit, integrated care board, inner or outer, london
-- $area: code of the area
with item as (
    select distinct item
    from review_item
),

member as (
    select borough_code, areas
    from area_borough
    where level = $level
        and area_code = $area
)

select i.item, count(*) filter (where r.status = 'done') as done,
    count(*) filter (where r.status = 'in progress') as in_progress,
    count(*) filter (where r.status = 'not started') as not_started,
    count(*) filter (where r.status is null) as not_reported, any_value(m.areas) as areas,
    max(r.month) filter (where r.status = 'done') as last_done_month
from item as i
cross join member as m
left join review_item as r
    on r.quarter = $quarter
    and m.borough_code = r.borough_code
    and i.item = r.item
group by i.item
order by i.item
