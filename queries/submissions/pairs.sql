-- Which quarters and boroughs does a submission cover?
-- grain: one row per quarter and borough
-- $submission: its id
select quarter, borough_code, nil_return, row_count
from submission_pair
where submission_id = $submission
order by quarter, borough_code
