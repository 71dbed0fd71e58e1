-- What the store holds of these quarters and boroughs.
-- grain: one row per quarter and school and indicator
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
-- $indicators (list): names of indicators of school grain
select *
from indicator_state
where quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
    and indicator = any($indicators::varchar[])
