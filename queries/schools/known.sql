-- Which URNs does any register that stands hold?
-- grain: one row per URN
select urn, borough_code, school_name, status, register_date
from known_school
