-- What does the register say of a school, in the quarter or, where it is not in scope then, in
-- the nearest quarter that holds it?
-- `place` numbers the schools of its borough and phase by URN, as schools/in_borough does.
-- grain: one row, or none
-- $urn: the school
-- $quarter: calendar quarter, as 2026-Q3
with nearest as (
    select *
    from school
    where urn = $urn::integer
    order by quarter = $quarter desc, quarter > $quarter, quarter desc
    limit 1
)

select n.*, b.borough, n.quarter = $quarter as in_scope,
    (
        select count(*)
        from school as s
        where s.quarter = n.quarter
            and s.borough_code = n.borough_code
            and s.phase = n.phase
            and s.urn <= n.urn
    ) as place
from nearest as n
inner join borough as b on n.borough_code = b.borough_code
