-- Which submission stands for each extract, quarter and borough?
-- grain: one row per extract, quarter and borough that has submitted
with first_published as (
    select submission_id, quarter, borough_code, min(at_utc) as published_at
    from submission_event
    where event = 'published'
    group by submission_id, quarter, borough_code
)

select c.extract, c.quarter, c.borough_code, c.submission_id, s.version, s.file_name,
    p.published_at, c.nil_return, s.demonstration
from current_submission as c
inner join submission as s on c.submission_id = s.submission_id
inner join first_published as p
    on c.submission_id = p.submission_id
    and c.quarter = p.quarter
    and c.borough_code = p.borough_code
