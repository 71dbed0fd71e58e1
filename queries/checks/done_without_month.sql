-- An item that is done says when.
-- grain: one row per faulty cell
-- extracts: partnership_review
-- severity: warning
-- message: an item is {value} and has no month
-- fix: Give the month in which it was done, when it is known.
select row_no, 'month' as "column", status as value
from upload
where status = 'done'
    and month is null
order by row_no
