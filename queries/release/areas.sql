-- Which boroughs make up each area of the lattice?
-- grain: one row per level, area and borough
select level, area_code, area, borough_code
from area_borough
order by level, area_code, borough_code
