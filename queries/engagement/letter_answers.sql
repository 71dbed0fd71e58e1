-- How many schools of each type answered what on the items that are followed and are never a gap:
-- a role on the DSL forum offered, being named as a relevant agency?
-- grain: one row per item, school type and answer
-- $quarter: calendar quarter, as 2026-Q3
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone
select item, school_type, answer, sum(schools)::bigint as schools
from letter_answer
where quarter = $quarter
    and ($borough::varchar is null or borough_code = $borough)
    and ($phase::varchar is null or phase = $phase)
group by item, school_type, answer
order by item asc, school_type asc, answer asc
