-- Which school follows which, to copy it.
-- grain: one row per school and predecessor
select *
from school_predecessor
