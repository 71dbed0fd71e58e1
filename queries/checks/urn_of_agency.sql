-- Only rows of schools carry a URN.
-- grain: one row per faulty cell
-- extracts: training
-- severity: error
-- message: a URN stands in a row of the agency {value}
-- fix: Clear the URN, or correct the agency to school.
select row_no, 'urn' as "column", agency as value
from upload
where agency <> 'school'
    and urn is not null
order by row_no
