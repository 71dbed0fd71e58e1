-- For which quarters does the store answer, and on which register does each rest?
-- grain: one row per quarter, newest first
select h.quarter, q.ends, min(s.register_date) as register_from,
    max(s.register_date) as register_to, count(s.urn) as schools
from held_quarter as h
inner join quarter as q on h.quarter = q.quarter
left join school as s on h.quarter = s.quarter
group by h.quarter, q.ends
order by h.quarter desc
