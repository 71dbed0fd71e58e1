-- What are the figures of a measure in these quarters?
-- grain: one row per quarter, level, area, breakdown and category
-- $measure: the measure
-- $quarters (list): calendar quarters
select *
from figure
where measure = $measure
    and quarter = any($quarters::varchar[])
