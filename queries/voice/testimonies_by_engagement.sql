-- How does the police engage with the schools that a testimony names, beside all schools of the same
-- boroughs? In the released store numbers of schools with a testimony of 1 to 7 are withheld
-- (marker c) and others are to the nearest 5; the numbers of all schools are exact.
-- grain: one row per state of police engagement, all four, and one for the total (all); none where testimonies were never copied for a borough of the area
-- $quarter: calendar quarter, as 2026-Q3
-- $level: level of the area: borough, partnership, command unit, integrated care board, inner or outer, london
-- $area: code of the area
with copied as (
    select f.area_code as borough_code
    from figure as f
    inner join area_borough as a on f.area_code = a.borough_code
    where f.measure = 'schools_with_testimony'
        and f.quarter = $quarter
        and f.level = 'borough'
        and f.breakdown = 'total'
        and a.level = $level
        and a.area_code = $area
),

counted as (
    select s.state, sum(s.schools)::bigint as schools
    from state_count as s
    inner join copied as c on s.borough_code = c.borough_code
    where s.quarter = $quarter
        and s.indicator = 'police_engagement'
    group by rollup (s.state)
),

named as (
    select category, value, marker, areas_submitted, areas, release_id
    from figure
    where measure = 'schools_with_testimony'
        and quarter = $quarter
        and level = $level
        and area_code = $area
)

select t.state, case when n.category is null then 0 else n.value end as schools_with_testimony,
    n.marker, coalesce(c.schools, 0) as schools, w.areas_submitted, w.areas, w.release_id
from (values
    (1, 'all'), (2, 'met'), (3, 'gap'), (4, 'unknown'), (5, 'not_applicable')
) as t (place, state)
inner join named as w on w.category = 'all'
left join named as n on t.state = n.category
left join counted as c on t.state = coalesce(c.state, 'all')
order by t.place
