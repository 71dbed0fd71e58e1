-- What did the audit of a release find of each hidden cell?
-- Asked of the exact store alone, for administrators; it tells ranges, no count. What a lead can tell
-- rests on the own exact figures, so that range is told to nobody.
-- grain: one row per hidden cell
-- $release: id of a release
select measure, quarter, level, area_code, breakdown, category, status,
    case when viewer = 'public' then low end as low,
    case when viewer = 'public' then high end as high, viewer, protects
from release_finding
where release_id = $release
order by measure, level, area_code, breakdown, category
