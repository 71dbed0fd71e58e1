-- How many schools of each type meet an indicator in a quarter?
-- grain: one row per school type
-- $quarter: calendar quarter, as 2026-Q3
-- $indicator: name of an indicator of school grain
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone
select s.school_type, count(*) as schools,
    count(*) filter (where i.state = 'met') as met,
    count(*) filter (where i.state = 'gap') as gap,
    count(*) filter (where i.state = 'unknown') as unknown,
    count(*) filter (where i.state = 'not_applicable') as not_applicable
from indicator_state as i
inner join school as s
    on i.quarter = s.quarter
    and i.urn = s.urn
where i.quarter = $quarter
    and i.indicator = $indicator
    and ($borough::varchar is null or i.borough_code = $borough)
    and ($phase::varchar is null or s.phase = $phase)
group by s.school_type
order by schools desc, s.school_type asc
