-- What do the indicators of areas say, as they were worked out at publication?
-- own: exact
-- grain: one row per indicator, quarter, level and area
-- $indicators (list): names of indicators of borough grain
-- $quarters (list): calendar quarters, those that the store answers for
-- $borough (optional): GSS code; this borough and London alone
select indicator, quarter, level, area_code, numerator, denominator, value, low, high, marker,
    reason, areas_submitted, areas
from area_value
where indicator = any($indicators::varchar[])
    and quarter = any($quarters::varchar[])
    and (
        $borough::varchar is null
        or level = 'london'
        or (level = 'borough' and area_code = $borough)
    )
order by indicator asc, quarter asc, level asc, area_code asc
