-- A row of a school names it.
-- grain: one row per faulty cell
-- extracts: training
-- severity: error
-- message: the agency is school and there is no URN
-- fix: Give the URN of the school.
select row_no, 'urn' as "column", agency as value
from upload
where agency = 'school'
    and urn is null
order by row_no
