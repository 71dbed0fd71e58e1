-- Which submission stands where, to copy it.
-- grain: one row per extract, quarter and borough that has submitted
select *
from submission_status
