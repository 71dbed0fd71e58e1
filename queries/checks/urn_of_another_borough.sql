-- A school lies in the borough of its row.
-- grain: one row per faulty cell
-- extracts: training, perception_survey
-- severity: warning
-- message: URN {value} lies in another borough by the register
-- fix: Correct the borough or the URN; the figures count for the borough of the register.
select u.row_no, 'urn' as "column", u.urn::varchar as value
from upload as u
inner join known_school as k on u.urn = k.urn
where u.borough_code <> k.borough_code
order by u.row_no
