-- How many referrals of a measure did each borough accept in a quarter?
-- In the released store 1 to 7 is withheld (marker c) and other counts are to the nearest 5.
-- grain: one row per borough, all of them, and one for London; alphabetical: referrals are not ranked
-- $measure: name of an indicator of borough grain
-- $quarter: calendar quarter, as 2026-Q3
with area as (
    select 'borough' as level, borough_code as area_code, borough as area
    from borough
    union all
    select 'london' as level, 'London' as area_code, 'London' as area
)

select a.level, a.area_code, a.area, f.value, f.marker, f.areas_submitted, f.release_id
from area as a
left join figure as f
    on a.level = f.level
    and a.area_code = f.area_code
    and f.quarter = $quarter
    and f.measure = $measure
order by a.level, a.area
