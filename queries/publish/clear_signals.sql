-- Remove the signals of schools of these quarters, before they are written anew.
-- grain: no row; changes one row per quarter and school
-- $quarters (list): calendar quarters
delete from school_signal
where quarter = any($quarters::varchar[])
