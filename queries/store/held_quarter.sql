-- All quarters held, to copy them.
-- grain: one row per quarter
select *
from held_quarter
