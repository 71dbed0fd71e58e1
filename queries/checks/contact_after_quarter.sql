-- The last contact is no later than the quarter.
-- grain: one row per faulty cell
-- extracts: police_engagement
-- severity: error
-- message: the last contact {value} is after the quarter
-- fix: Correct the month or the quarter.
select u.row_no, 'last_contact_month' as "column", u.last_contact_month as value
from upload as u
inner join quarter as q on u.quarter = q.quarter
where (u.last_contact_month || '-01')::date > q.ends
order by u.row_no
