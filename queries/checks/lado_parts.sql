-- Each figure of the LADO is no more than the one it is part of.
-- grain: one row per faulty cell
-- extracts: lado
-- severity: error
-- message: {value} is more than the figure that it is part of
-- fix: Threshold met is part of the contacts, and substantiated is part of the concluded; correct the row.
select row_no, 'threshold_met' as "column", threshold_met::varchar as value
from upload
where threshold_met > contacts_education
union all
select row_no, 'substantiated' as "column", substantiated::varchar as value
from upload
where substantiated > concluded
order by row_no
