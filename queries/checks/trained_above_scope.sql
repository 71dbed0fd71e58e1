-- No more staff are trained than are in scope.
-- grain: one row per faulty cell
-- extracts: training
-- severity: error
-- message: {value} trained is more than the staff in scope
-- fix: Count only staff in scope who hold the course in date.
select row_no, 'staff_trained' as "column", staff_trained::varchar as value
from upload
where staff_trained > staff_in_scope
order by row_no
