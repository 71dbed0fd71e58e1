-- In which quarters do boroughs have figures that the quarter's release does not say, and did their
-- leads confirm them? A category without a row is 0.
-- Asked of the exact store alone; it tells no count.
-- grain: one row per held quarter and borough with a changed figure
with said as (
    select f.measure, f.quarter, f.area_code, f.breakdown, f.category, f.exact
    from release_figure as f
    inner join standing_release as r on f.release_id = r.release_id
    where f.level = 'borough'
),

counted as (
    select measure, quarter, area_code, breakdown, category, value
    from figure
    where level = 'borough'
),

compared as (
    select coalesce(c.quarter, s.quarter) as quarter,
        coalesce(c.area_code, s.area_code) as borough_code
    from counted as c
    full join said as s
        on c.measure = s.measure
        and c.quarter = s.quarter
        and c.area_code = s.area_code
        and c.breakdown = s.breakdown
        and c.category = s.category
    where case
            when coalesce(c.breakdown, s.breakdown) = 'total' then c.value is distinct from s.exact
            else coalesce(c.value, 0) <> coalesce(s.exact, 0)
        end
),

changed as (
    select quarter, borough_code, count(*)::integer as cells
    from compared
    where quarter in (select h.quarter from held_quarter as h)
    group by quarter, borough_code
),

confirmed as (
    select f.quarter, f.borough_code, arg_max(f.by_whom, f.at_utc) as confirmed_by,
        max(f.at_utc) as confirmed_at
    from figure_confirmation as f
    inner join borough_figures_hash as h
        on f.quarter = h.quarter
        and f.borough_code = h.borough_code
        and f.content_hash = h.content_hash
    group by f.quarter, f.borough_code
)

select c.quarter, c.borough_code, b.borough, c.cells, s.release_id as replaces, f.confirmed_by,
    f.confirmed_at
from changed as c
inner join borough as b on c.borough_code = b.borough_code
left join standing_release as s on c.quarter = s.quarter
left join confirmed as f
    on c.quarter = f.quarter
    and c.borough_code = f.borough_code
order by c.quarter desc, b.borough asc
