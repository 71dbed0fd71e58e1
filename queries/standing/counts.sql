-- What the store holds of these quarters and boroughs, to copy it.
-- grain: one row per quarter, borough, school type, phase, indicator, state, reason and state before
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
-- $indicators (list): names of indicators of school grain
select *
from state_count
where quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
    and indicator = any($indicators::varchar[])
