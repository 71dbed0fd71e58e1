-- Which steps did submissions go through: offered, published, withdrawn, reinstated?
-- grain: one row per submission and version, in their order
select distinct s.extract, e.submission_id, e.store_version
from submission_event as e
inner join submission as s on e.submission_id = s.submission_id
order by e.store_version
