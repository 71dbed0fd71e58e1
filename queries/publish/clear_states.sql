-- Remove what was held of these quarters and boroughs, before it is written anew.
-- grain: no row; changes one row per quarter and school
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
-- $indicators (list): names of indicators of school grain
delete from indicator_state
where quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
    and indicator = any($indicators::varchar[])
