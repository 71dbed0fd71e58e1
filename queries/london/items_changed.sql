-- Which items of a partnership's review have another status than in the quarter before?
-- grain: one row per item whose status changed; those done first
-- $quarter: calendar quarter, as 2026-Q3
-- $previous: the quarter before, which is held
-- $borough: GSS code
select n.item, n.status, p.status as status_before, n.month, n.submission_id
from review_item as n
left join review_item as p
    on n.borough_code = p.borough_code
    and n.item = p.item
    and p.quarter = $previous
where n.quarter = $quarter
    and n.borough_code = $borough
    and n.status is distinct from p.status
order by n.status = 'done' desc, n.item asc
