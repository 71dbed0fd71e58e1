-- No more criteria of the self-evaluation are met than apply.
-- grain: one row per faulty cell
-- extracts: school_safeguarding
-- severity: error
-- message: {value} criteria are met, more than apply
-- fix: Correct one of the two.
select row_no, 'self_evaluation_met' as "column", self_evaluation_met::varchar as value
from upload
where self_evaluation_met > self_evaluation_applicable
order by row_no
