-- Which status of each item of the partnership's review stands in each held quarter?
-- The last one that was reported up to the quarter: it is as dated, and does not grow old.
-- grain: one row per held quarter, borough and item
select h.quarter, r.borough_code, r.item, arg_max(r.status, r.quarter) as status,
    arg_max({'month': r.month}, r.quarter).month as month, max(r.quarter) as answer_quarter,
    arg_max(r.submission_id, r.quarter) as submission_id
from held_quarter as h
inner join current_partnership_review as r on h.quarter >= r.quarter
group by h.quarter, r.borough_code, r.item
