-- Which rows did a submission carry over from what stood, and does that still stand?
-- grain: one row per quarter and borough of which rows were carried over
-- $submission: its id
select o.quarter, o.borough_code, o.from_submission_id, o.row_count, o.first_row, o.last_row,
    coalesce(c.submission_id = o.from_submission_id, false) as still_stands
from carried_over as o
inner join submission as s on o.submission_id = s.submission_id
left join submission_status as c
    on s.extract = c.extract
    and o.quarter = c.quarter
    and o.borough_code = c.borough_code
where o.submission_id = $submission
order by o.quarter, o.borough_code
