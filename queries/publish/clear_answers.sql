-- Remove the standing answers of these quarters and boroughs, before they are written anew.
-- grain: no row; changes one row per quarter, school and topic
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
-- $extract (optional): one extract alone
delete from standing_answer
where quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
    and ($extract::varchar is null or extract = $extract)
