-- Which status of each item of the partnership's review stands in each borough, and since when?
-- grain: one row per borough, all of them, and item that any borough ever reported; status null: not reported
-- $quarter: calendar quarter, as 2026-Q3
with item as (
    select distinct item
    from review_item
)

select b.borough_code, b.borough, i.item, r.status, r.month, r.answer_quarter, r.submission_id
from borough as b
cross join item as i
left join review_item as r
    on r.quarter = $quarter
    and b.borough_code = r.borough_code
    and i.item = r.item
order by b.borough, i.item
