-- What does a release say, with the exact counts under it, as its file in the archive has it?
-- grain: one row per measure, quarter, level, area, breakdown and category
-- $release: id of a release
select row_no, measure, quarter, level, area_code, breakdown, category, exact, value, marker,
    status, areas_submitted, areas
from release_figure
where release_id = $release
order by row_no
