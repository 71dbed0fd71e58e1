-- Which schools have an answer in what stands for these quarters and boroughs?
-- grain: one row per quarter and school
-- $extract: the extract
-- $pairs (list): "quarter borough"
select distinct a.quarter, a.urn, k.school_name, k.borough_code
from school_answer as a
inner join known_school as k on a.urn = k.urn
where a.extract = $extract
    and a.quarter || ' ' || k.borough_code = any($pairs::varchar[])
order by a.quarter, k.borough_code, a.urn
