-- Remove all figures of these quarters, before those of their releases are written.
-- grain: no row; changes one row per measure, quarter, level, area, breakdown and category
-- $quarters (list): calendar quarters
delete from figure
where quarter = any($quarters::varchar[])
