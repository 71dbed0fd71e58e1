-- Remove the figures of these quarters, before they are written anew.
-- grain: no row; changes one row per measure, quarter, level, area, breakdown and category
-- $measure: the measure
-- $quarters (list): calendar quarters
delete from figure
where measure = $measure
    and quarter = any($quarters::varchar[])
