-- What the store holds of these quarters and boroughs.
-- grain: one row per quarter and school
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select *
from school
where quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
