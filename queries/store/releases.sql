-- Which releases of figures about children does the store note?
-- grain: one row per release
select *
from release
order by release_id
