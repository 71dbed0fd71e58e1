-- What is known of a submission, and what happened to it last?
-- grain: one row, or none
-- $submission: its id
select s.*, arg_max(e.event, e.store_version) as last_event
from submission as s
inner join submission_event as e on s.submission_id = e.submission_id
where s.submission_id = $submission
group by all
