-- What are all exact figures of a quarter?
-- Asked of the exact store alone, to make its release.
-- grain: one row per measure, level, area, breakdown and category
-- $quarter: calendar quarter, as 2026-Q3
select measure, quarter, level, area_code, breakdown, category, value, areas_submitted, areas
from figure
where quarter = $quarter
order by measure, level, area_code, breakdown, category
