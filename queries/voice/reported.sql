-- What was reported in an area, the last rung below what is said: how many HSB referrals were accepted
-- in the quarter? Null without a marker: no borough of the area submitted, or what
-- was submitted awaits its release; neither is none.
-- grain: one row
-- $quarter: calendar quarter, as 2026-Q3
-- $level: level of the area: borough, partnership, command unit, integrated care board, inner or outer, london
-- $area: code of the area
select f.value, f.marker, coalesce(f.areas_submitted, 0) as areas_submitted, a.areas, f.release_id,
    f.measure is null and w.measure is not null as awaits_release
from area as a
left join figure as f
    on a.level = f.level
    and a.area_code = f.area_code
    and f.quarter = $quarter
    and f.measure = 'hsb_referrals'
    and f.breakdown = 'total'
left join figure_held as w
    on a.level = w.level
    and a.area_code = w.area_code
    and w.quarter = $quarter
    and w.measure = 'hsb_referrals'
where a.level = $level
    and a.area_code = $area
