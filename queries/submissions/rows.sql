-- Which rows did these submissions bring for these boroughs?
-- grain: one row per row of a submission, in no order
-- $extract: the extract, which is the table's name
-- $submissions (list): ids of its submissions
-- $boroughs (list): GSS codes
select *
from query_table($extract)
where submission_id = any($submissions::varchar[])
    and borough_code = any($boroughs::varchar[])
