-- Which submission stood for each quarter and borough at a moment?
-- grain: one row per extract, quarter and borough that had submitted
-- $extract (optional): one extract alone
-- $as_of (optional): the moment, UTC; now when it is not given
select c.extract, c.quarter, c.borough_code, b.borough, c.submission_id, s.version, c.nil_return,
    p.row_count, s.file_name, s.submitted_by, c.current_from
from submission_currency as c
inner join submission as s on c.submission_id = s.submission_id
inner join borough as b on c.borough_code = b.borough_code
inner join submission_pair as p
    on c.submission_id = p.submission_id
    and c.quarter = p.quarter
    and c.borough_code = p.borough_code
where ($extract::varchar is null or c.extract = $extract)
    and c.current_from <= coalesce($as_of::timestamp, timestamp '9999-12-31')
    and (c.current_until is null or c.current_until > $as_of::timestamp)
order by c.extract, c.quarter, b.borough
