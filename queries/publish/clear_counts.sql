-- Remove the counts of schools of these quarters and boroughs, before they are written anew.
-- grain: no row; changes one row per quarter, borough, indicator, state and kind of school
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
-- $indicators (list): names of indicators of school grain
delete from state_count
where quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
    and indicator = any($indicators::varchar[])
