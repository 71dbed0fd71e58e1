-- Which rows did a submission bring?
-- grain: one row per row of the submission, in the order of its file
-- $extract: the extract, which is the table's name
-- $submission: its id
select * exclude (submission_id)
from query_table($extract)
where submission_id = $submission
order by row_no
