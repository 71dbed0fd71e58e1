-- Sum the exact figures of boroughs, just written, to the areas that the boroughs make up. An area's
-- `areas_submitted` are the boroughs with a total; where a measure has none, those with the cell.
-- grain: no row; changes one row per measure, quarter, area above a borough, breakdown and category
-- $of (list): measure and quarter of each, with | between
-- $levels (list): the levels of the lattice
insert into figure by name
with counted as (
    select f.measure, f.quarter, a.level, a.area_code, a.areas, f.breakdown, f.category, f.value
    from figure as f
    inner join area_borough as a on f.area_code = a.borough_code
    where f.level = 'borough'
        and concat_ws('|', f.measure, f.quarter) = any($of::varchar[])
        and a.level = any($levels::varchar[])
        and a.level <> 'borough'
),

submitted as (
    select measure, quarter, level, area_code, count(*)::integer as boroughs
    from counted
    where breakdown = 'total'
    group by measure, quarter, level, area_code
),

summed as (
    select measure, quarter, level, area_code, areas, breakdown, category,
        sum(value)::bigint as value, count(*)::integer as boroughs
    from counted
    group by all
)

select d.measure, d.quarter, d.level, d.area_code, d.breakdown, d.category, d.value,
    coalesce(s.boroughs, d.boroughs) as areas_submitted, d.areas, 'exact' as release_id
from summed as d
left join submitted as s
    on d.measure = s.measure
    and d.quarter = s.quarter
    and d.level = s.level
    and d.area_code = s.area_code
