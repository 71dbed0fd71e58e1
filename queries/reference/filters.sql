-- Which phases and school types do the schools in scope have?
-- grain: one row per phase and school type
select phase, school_type, count(distinct urn) as schools
from school
group by phase, school_type
order by phase, school_type
