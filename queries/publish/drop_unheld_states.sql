-- Remove states of quarters that the store no longer answers for.
-- grain: no row; changes one row per indicator, quarter and school
delete from indicator_state
where quarter not in (select h.quarter from held_quarter as h)
