-- Of which measures, quarters and areas are there exact figures?
-- grain: one row per measure, quarter, level and area
select distinct measure, quarter, level, area_code
from figure
