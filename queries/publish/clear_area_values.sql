-- Remove what an indicator of areas said in these quarters, before it is written anew.
-- grain: no row; changes one row per indicator, quarter, level and area
-- $indicator: name of an indicator of borough grain
-- $quarters (list): calendar quarters
delete from area_value
where indicator = $indicator
    and quarter = any($quarters::varchar[])
