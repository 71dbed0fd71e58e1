-- What happened to releases, to copy it.
-- grain: one row per release and event
select *
from release_event
order by at_utc, release_id
