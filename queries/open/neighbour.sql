-- Which authorities are each borough's statistical neighbours, and which of them lie in London?
-- grain: one row per borough and rank
select n.borough_code, n.rank, n.neighbour_dfe_la_code,
    b.borough_code as neighbour_borough_code, n.closeness
from current_neighbours as n
left join borough as b on n.neighbour_dfe_la_code = b.dfe_la_code
