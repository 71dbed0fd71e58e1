-- What are a borough's own exact figures of a quarter, and which did its release rest on?
-- For the borough's own lead, who confirms them before they are released.
-- own: exact
-- grain: one row per measure, breakdown and category that either has; alphabetical
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
with said as (
    select f.measure, f.breakdown, f.category, f.exact, f.value, f.marker, f.release_id
    from release_figure as f
    inner join standing_release as r on f.release_id = r.release_id
    where f.quarter = $quarter
        and f.level = 'borough'
        and f.area_code = $borough
),

counted as (
    select measure, breakdown, category, value
    from figure
    where quarter = $quarter
        and level = 'borough'
        and area_code = $borough
)

select coalesce(c.measure, s.measure) as measure, coalesce(c.breakdown, s.breakdown) as breakdown,
    coalesce(c.category, s.category) as category, c.value as now, s.exact as released_exact,
    s.value as released_value, s.marker as released_marker, s.release_id
from counted as c
full join said as s
    on c.measure = s.measure
    and c.breakdown = s.breakdown
    and c.category = s.category
order by measure, breakdown, category
