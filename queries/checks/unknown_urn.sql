-- Every URN is in a register that stands.
-- grain: one row per faulty cell
-- extracts: referrals, training, police_engagement, school_safeguarding, perception_survey, testimonies
-- severity: error
-- message: URN {value} is in no register that was loaded
-- fix: Correct the URN; when the school is new, load a newer register first.
select u.row_no, 'urn' as "column", u.urn::varchar as value
from upload as u
anti join known_school as k on u.urn = k.urn
where u.urn is not null
order by u.row_no
