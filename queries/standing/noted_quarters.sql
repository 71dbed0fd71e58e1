-- Which quarters were noted as held when something was last published?
-- grain: one row per quarter
select quarter
from held_quarter
order by quarter
