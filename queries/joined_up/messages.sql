-- Which agency told schools what in an area, in this and the three quarters before? `schools_reached`
-- adds up what each message reached: a school that was told twice is in it twice.
-- grain: one row per agency, message and school type that the message was for
-- $quarter: calendar quarter, as 2026-Q3
-- $level: level of the area: borough, partnership, command unit, integrated care board, inner or outer, london
-- $area: code of the area
select m.agency, m.message, m.school_type, count(*) as messages,
    sum(m.schools_reached)::bigint as schools_reached,
    count(distinct m.borough_code) as boroughs, any_value(a.areas) as areas,
    min(m.month) as first_month, max(m.month) as last_month
from message as m
inner join area_borough as a on m.borough_code = a.borough_code
inner join quarter as q on q.quarter = $quarter
inner join quarter as w
    on m.quarter = w.quarter
    and w.starts between q.starts - interval 9 month and q.starts
where a.level = $level
    and a.area_code = $area
group by m.agency, m.message, m.school_type
order by m.agency, m.message, m.school_type
