-- Remove standing answers of quarters that the store no longer answers for.
-- grain: no row; changes one row per quarter, school and topic
delete from standing_answer
where quarter not in (select h.quarter from held_quarter as h)
