-- Does anything that stands come from the demonstration data?
-- grain: one row
select coalesce(bool_or(demonstration), false) as demonstration
from submission_status
