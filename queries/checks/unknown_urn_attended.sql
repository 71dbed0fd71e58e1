-- Every URN of a school attended is in a register that stands.
-- grain: one row per faulty cell
-- extracts: referrals
-- severity: error
-- message: URN {value} is in no register that was loaded
-- fix: Correct the URN; when the school is new, load a newer register first.
select u.row_no, 'urn_attended' as "column", u.urn_attended::varchar as value
from upload as u
anti join known_school as k on u.urn_attended = k.urn
where u.urn_attended is not null
order by u.row_no
