-- Which agency told which schools what, and when?
-- grain: one row per quarter, borough, agency, message, school type and month
select quarter, borough_code, agency, message, school_type, schools_reached, month, submission_id
from current_message_log
