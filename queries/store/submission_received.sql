-- What ever came, to copy it.
-- grain: one row per extract, quarter and borough that was ever submitted
select *
from submission_received
