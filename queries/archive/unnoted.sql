-- Of which submissions are there rows, though none is noted?
-- grain: one row per id
-- $extract: the extract, which is the table's name
select distinct r.submission_id
from query_table($extract) as r
anti join submission as s on r.submission_id = s.submission_id
