-- What stands for each extract and borough, newest quarter first?
-- grain: one row per extract, quarter and borough that has submitted
-- $extract (optional): one extract alone
select s.extract, s.quarter, b.borough, s.submission_id, s.version, s.file_name, s.published_at,
    s.nil_return
from submission_status as s
inner join borough as b on s.borough_code = b.borough_code
where ($extract::varchar is null or s.extract = $extract)
order by s.quarter desc, s.extract asc, b.borough asc
