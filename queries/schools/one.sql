-- What does the register say of a school, in the quarter or, where it is not in scope then, in
-- the nearest quarter that holds it?
-- grain: one row, or none
-- $urn: the school
-- $quarter: calendar quarter, as 2026-Q3
select s.*, b.borough, s.quarter = $quarter as in_scope
from school as s
inner join borough as b on s.borough_code = b.borough_code
where s.urn = $urn::integer
order by s.quarter = $quarter desc, s.quarter > $quarter, s.quarter desc
limit 1
