-- The answers counted are no more than the valid ones.
-- grain: one row per faulty cell
-- extracts: perception_survey
-- severity: error
-- message: {value} answered so, more than the valid answers
-- fix: Together "a lot" and "sometimes" cannot be more than the valid answers; correct the row.
select row_no, 'a_lot' as "column", (a_lot + sometimes)::varchar as value
from upload
where a_lot + sometimes > valid_answers
order by row_no
