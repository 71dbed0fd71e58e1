-- Of which areas do indicators say more than that nobody submitted?
-- grain: one row per indicator, quarter, level and area: the four with | between
-- $indicators (list): names of indicators of borough grain
-- $quarters (list): calendar quarters
select concat_ws('|', indicator, quarter, level, area_code) as area
from area_value
where indicator = any($indicators::varchar[])
    and quarter = any($quarters::varchar[])
    and reason is distinct from 'not_submitted'
