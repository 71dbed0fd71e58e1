-- Of which areas do indicators say more than that nobody submitted?
-- grain: one row per indicator, quarter, level and area
-- $indicators (list): names of indicators of borough grain
-- $quarters (list): calendar quarters
select indicator, quarter, level, area_code
from area_value
where indicator = any($indicators::varchar[])
    and quarter = any($quarters::varchar[])
    and reason is distinct from 'not_submitted'
