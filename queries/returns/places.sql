-- Which police command units and partnerships are there to narrow the boroughs by?
-- grain: one row per borough
select borough_code, borough, partnership, police_bcu
from borough
order by borough
