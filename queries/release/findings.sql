-- What did the audit of a release find of each hidden cell?
-- Asked of the exact store alone, for administrators; it tells ranges, no count.
-- grain: one row per hidden cell
-- $release: id of a release
select measure, quarter, level, area_code, breakdown, category, status, low, high, viewer, protects
from release_finding
where release_id = $release
order by measure, level, area_code, breakdown, category
