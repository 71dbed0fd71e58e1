-- Remove figures of quarters that the store no longer answers for.
-- grain: no row; changes one row per measure, quarter, level, area, breakdown and category
delete from figure
where quarter not in (select h.quarter from held_quarter as h)
