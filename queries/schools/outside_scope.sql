-- Which establishments of the register are open and outside the scope of all figures, by type?
-- grain: one row per type of establishment with any; the most first
-- $quarter: calendar quarter, as 2026-Q3
-- $borough (optional): GSS code of one borough; all of London when it is not given
select type_of_establishment, sum(establishments)::bigint as establishments
from outside_scope
where quarter = $quarter
    and ($borough::varchar is null or borough_code = $borough)
group by type_of_establishment
order by establishments desc, type_of_establishment asc
