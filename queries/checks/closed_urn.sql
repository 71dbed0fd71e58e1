-- A school that is named had not closed before the quarter.
-- grain: one row per faulty cell
-- extracts: referrals, training, police_engagement, school_safeguarding, perception_survey
-- severity: warning
-- message: URN {value} closed before the quarter began
-- fix: Check whether its successor has another URN.
select u.row_no, 'urn' as "column", u.urn::varchar as value
from upload as u
inner join known_school as k on u.urn = k.urn
inner join quarter as q on u.quarter = q.quarter
where k.close_date < q.starts
    or (k.status = 'Closed' and k.close_date is null)
order by u.row_no
