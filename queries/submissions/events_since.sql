-- What happened since a version that bears on an upload: the register, or the same extract,
-- quarter and borough?
-- grain: one row per event, newest first
-- $version: the store's version that the upload was checked against
-- $extract: the extract
-- $pairs (list): "quarter borough"
select e.submission_id, e.event, e.by_whom, e.at_utc
from submission_event as e
inner join submission as s on e.submission_id = s.submission_id
where e.store_version > $version
    and (
        s.extract = 'schools'
        or (
            s.extract = $extract
            and e.quarter || ' ' || e.borough_code = any($pairs::varchar[])
        )
    )
order by e.store_version desc
