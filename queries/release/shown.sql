-- What does the release that stands for each of these quarters show?
-- grain: one row per measure, quarter, level, area, breakdown and category
-- $quarters (list): calendar quarters
select f.measure, f.quarter, f.level, f.area_code, f.breakdown, f.category, f.value, f.marker,
    f.areas_submitted, f.areas, f.release_id
from release_figure as f
inner join standing_release as r on f.release_id = r.release_id
where f.quarter = any($quarters::varchar[])
