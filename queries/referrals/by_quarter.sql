-- What is the total of a measure in a borough and in London in each quarter?
-- In the released store 1 to 7 is withheld (marker c) and other counts are to the nearest 5.
-- own: exact
-- grain: one row per quarter and area (the borough, London); value is null where withheld, not submitted or not released yet
-- $measure: a measure of the lattice
-- $borough: GSS code
select h.quarter, a.level, a.area_code, f.value, f.marker, f.areas_submitted, f.areas,
    f.release_id, f.measure is null and w.measure is not null as awaits_release
from held_quarter as h
cross join (values ('borough', $borough), ('london', 'London')) as a (level, area_code)
left join figure as f
    on h.quarter = f.quarter
    and a.level = f.level
    and a.area_code = f.area_code
    and f.measure = $measure
    and f.breakdown = 'total'
left join figure_held as w
    on h.quarter = w.quarter
    and a.level = w.level
    and a.area_code = w.area_code
    and w.measure = $measure
order by h.quarter, a.level
