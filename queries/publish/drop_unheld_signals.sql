-- Remove signals of schools of quarters that the store no longer answers for.
-- grain: no row; changes one row per quarter and school
delete from school_signal
where quarter not in (select h.quarter from held_quarter as h)
