-- From which releases do the figures about children of a quarter come?
-- grain: one row per release, the newest first
-- $quarter: calendar quarter, as 2026-Q3
select f.release_id, r.made_at,
    count(distinct f.area_code) filter (where f.level = 'borough') as boroughs
from figure as f
left join release as r on f.release_id = r.release_id
where f.quarter = $quarter
group by f.release_id, r.made_at
order by r.made_at desc, f.release_id desc
