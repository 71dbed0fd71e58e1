-- What happened to a submission, step by step?
-- grain: one row per event and moment, oldest first
-- $submission: its id
select event, at_utc, by_whom, why, count(*) as pairs
from submission_event
where submission_id = $submission
group by event, at_utc, by_whom, why, store_version
order by store_version
