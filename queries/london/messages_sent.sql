-- Which messages did agencies send to the schools of a borough in a quarter?
-- grain: one row per agency, message, school type and month
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
select agency, message, school_type, schools_reached, month, submission_id
from message
where quarter = $quarter
    and borough_code = $borough
order by month desc, agency asc, message asc, school_type asc
