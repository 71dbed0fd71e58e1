-- Remove what these indicators of areas said in these quarters, before it is written anew.
-- grain: no row; changes one row per indicator, quarter, level and area
-- $of (list): indicator and quarter of each, with | between
delete from area_value
where concat_ws('|', indicator, quarter) = any($of::varchar[])
