-- The youngest age is no higher than the oldest.
-- grain: one row per faulty cell
-- extracts: schools
-- severity: warning
-- message: the youngest age {value} is above the oldest
-- fix: Tell the register; the phase is then taken from the register alone.
select row_no, 'low_age' as "column", low_age::varchar as value
from upload
where low_age > high_age
order by row_no
