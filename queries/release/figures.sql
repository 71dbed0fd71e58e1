-- What do the releases of these quarters say, with the exact counts that they rest on?
-- Asked of the exact store alone, by the audit of the next release. Withdrawn ones were seen too.
-- grain: one row per release, measure, quarter, level, area, breakdown and category; the oldest first
-- $quarters (list): calendar quarters
select r.number, f.*
from release_figure as f
inner join release as r on f.release_id = r.release_id
where f.quarter = any($quarters::varchar[])
order by r.number, f.measure, f.level, f.area_code, f.breakdown, f.category
