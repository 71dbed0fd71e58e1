-- How many versions has the extract had for these quarters and boroughs?
-- grain: one row
-- $extract: the extract
-- $pairs (list): "quarter borough"
select coalesce(max(s.version), 0) as version
from submission as s
inner join submission_pair as p on s.submission_id = p.submission_id
where s.extract = $extract
    and p.quarter || ' ' || p.borough_code = any($pairs::varchar[])
