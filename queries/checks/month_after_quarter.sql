-- A month is no later than the quarter that it is reported for.
-- grain: one row per faulty cell
-- extracts: partnership_review, message_log
-- severity: error
-- message: the month {value} is after the quarter
-- fix: Correct the month or the quarter.
select u.row_no, 'month' as "column", u.month as value
from upload as u
inner join quarter as q on u.quarter = q.quarter
where (u.month || '-01')::date > q.ends
order by u.row_no
