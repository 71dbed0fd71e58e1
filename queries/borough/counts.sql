-- What are a borough's figures of some measures in a quarter, and London's?
-- In the released store 1 to 7 is withheld (marker c) and other counts are to the nearest 5.
-- own: exact
-- grain: one row per measure and area (the borough, London) that has a figure
-- $measures (list): names of measures
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
select measure, level, area_code, value, marker, areas_submitted, areas, release_id
from figure
where measure = any($measures::varchar[])
    and quarter = $quarter
    and breakdown = 'total'
    and (
        (level = 'borough' and area_code = $borough)
        or level = 'london'
    )
order by measure, level
