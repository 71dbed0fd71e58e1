-- Which seal is the newest?
-- grain: one row, or none
select at_utc, seal
from audit_seal
order by at_utc desc
limit 1
