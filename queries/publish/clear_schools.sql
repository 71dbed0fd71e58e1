-- Remove what was held of these quarters and boroughs, before it is written anew.
-- grain: no row; changes one row per quarter and school
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
delete from school
where quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
