-- Which views were saved and not removed?
-- grain: one row per view, as its newest version has it; by name
select view_id, version, name, page, query, by_whom, noted_at, removed
from saved_view
qualify row_number() over (partition by view_id order by version desc, noted_at desc) = 1
    and not removed
order by lower(name), view_id
