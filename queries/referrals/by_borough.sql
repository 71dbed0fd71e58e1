-- What is the total of a measure in each borough and in London in a quarter?
-- In the released store 1 to 7 is withheld (marker c) and other counts are to the nearest 5.
-- grain: one row per borough, all of them, and one for London; alphabetical: referrals are not ranked
-- $measure: a measure of the lattice
-- $quarter: calendar quarter, as 2026-Q3
with area as (
    select distinct level, area_code, area, areas
    from area_borough
    where level in ('borough', 'london')
)

select a.level, a.area_code, a.area, f.value, f.marker, f.areas_submitted, a.areas, f.release_id
from area as a
left join figure as f
    on a.level = f.level
    and a.area_code = f.area_code
    and f.quarter = $quarter
    and f.measure = $measure
    and f.breakdown = 'total'
order by a.level, a.area
