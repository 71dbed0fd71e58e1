-- What is the total of a measure in a borough and in London in each quarter?
-- In the released store 1 to 7 is withheld (marker c) and other counts are to the nearest 5.
-- grain: one row per quarter and area (the borough, London); value is null where withheld or not submitted
-- $measure: a measure of the lattice
-- $borough: GSS code
select h.quarter, a.level, a.area_code, f.value, f.marker, f.areas_submitted, f.areas,
    f.release_id
from held_quarter as h
cross join (values ('borough', $borough), ('london', 'London')) as a (level, area_code)
left join figure as f
    on h.quarter = f.quarter
    and a.level = f.level
    and a.area_code = f.area_code
    and f.measure = $measure
    and f.breakdown = 'total'
order by h.quarter, a.level
