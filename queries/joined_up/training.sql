-- How many of the staff of each agency hold each course in date in an area? By the answers that stand,
-- summed over the boroughs that answered; the staff of schools only of boroughs where at least five
-- schools answered.
-- grain: one row per agency and course that any borough of the area answered about
-- $quarter: calendar quarter, as 2026-Q3
-- $level: level of the area: borough, partnership, command unit, integrated care board, inner or outer, london
-- $area: code of the area
select t.agency, t.course, sum(t.staff_in_scope)::bigint as staff_in_scope,
    sum(t.staff_trained)::bigint as staff_trained,
    100.0 * sum(t.staff_trained) / nullif(sum(t.staff_in_scope), 0) as share,
    100.0 * wilson_low(sum(t.staff_trained), sum(t.staff_in_scope)) as low,
    100.0 * wilson_high(sum(t.staff_trained), sum(t.staff_in_scope)) as high,
    sum(t.schools)::bigint as schools, count(*)::integer as areas_submitted,
    any_value(a.areas) as areas, min(t.answer_quarter) as oldest_answer,
    max(t.answer_quarter) as newest_answer
from agency_training as t
inner join area_borough as a on t.borough_code = a.borough_code
where t.quarter = $quarter
    and a.level = $level
    and a.area_code = $area
group by t.agency, t.course
order by t.agency, t.course
