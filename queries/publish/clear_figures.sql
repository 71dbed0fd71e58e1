-- Remove the figures of these measures and quarters, before they are written anew.
-- grain: no row; changes one row per measure, quarter, level, area, breakdown and category
-- $of (list): measure and quarter of each, with | between
delete from figure
where concat_ws('|', measure, quarter) = any($of::varchar[])
