-- How far are the partnerships' review items that an agency owns, and where are they not done?
-- A borough that never reported an item is counted apart: nothing is known of it.
-- grain: one row per review item that the agency owns
-- $quarter: calendar quarter, as 2026-Q3
-- $owner: council, police, health, school or partnership
-- $borough (optional): GSS code of one borough; all of London when it is not given
with placed as (
    select i.item, i.letter, i.closes, b.borough, r.status
    from review_item_definition as i
    cross join borough as b
    left join review_item as r
        on r.quarter = $quarter
        and b.borough_code = r.borough_code
        and i.item = r.item
    where i.owner = $owner
        and ($borough::varchar is null or b.borough_code = $borough)
)

select item, letter, closes, count(*) as boroughs,
    count(*) filter (where status = 'done') as done,
    count(*) filter (where status = 'in progress') as in_progress,
    count(*) filter (where status = 'not started') as not_started,
    count(*) filter (where status is null) as not_reported,
    string_agg(borough, ', ' order by borough) filter (where status <> 'done') as open_in,
    string_agg(borough, ', ' order by borough) filter (where status is null) as not_reported_in
from placed
group by item, letter, closes
order by letter::integer, item
