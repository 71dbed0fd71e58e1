-- What stands for these quarters and boroughs, and would no longer stand after a publication? A
-- register that is dated later than the upload goes on standing.
-- grain: one row per quarter and borough for which something stands
-- $extract: the extract
-- $as_at (optional): the register's date
-- $pairs (list): "quarter borough"
select c.quarter, c.borough_code, c.submission_id, c.nil_return, p.row_count, s.submitted_by,
    c.published_at
from submission_status as c
inner join submission as s on c.submission_id = s.submission_id
inner join submission_pair as p
    on c.submission_id = p.submission_id
    and c.quarter = p.quarter
    and c.borough_code = p.borough_code
where c.extract = $extract
    and c.quarter || ' ' || c.borough_code = any($pairs::varchar[])
    and ($as_at::date is null or s.as_at <= $as_at::date)
order by c.quarter, c.borough_code
