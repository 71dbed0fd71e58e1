-- Which quarters and boroughs does a submission cover, and what happened to each last?
-- grain: one row per quarter and borough
-- $submission: its id
select p.quarter, p.borough_code, p.nil_return, p.row_count,
    arg_max(e.event, e.store_version) as last_event,
    bool_or(e.event = 'published') as was_published
from submission_pair as p
inner join submission_event as e
    on p.submission_id = e.submission_id
    and p.quarter = e.quarter
    and p.borough_code = e.borough_code
where p.submission_id = $submission
group by all
order by p.quarter, p.borough_code
