-- Remove counts of schools in quarters that the store no longer answers for.
-- grain: no row; changes one row per quarter, borough, indicator, state and kind of school
delete from state_count
where quarter not in (select h.quarter from held_quarter as h)
