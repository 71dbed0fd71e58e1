-- How many events of each kind and outcome are there in a period?
-- grain: one row per kind and outcome; alphabetical
-- $first: the first moment, UTC
-- $last: the last moment, UTC
select what, outcome, count(*) as events
from audit_event
where at_utc between $first and $last
group by what, outcome
order by what, outcome
