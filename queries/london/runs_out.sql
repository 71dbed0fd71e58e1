-- In how many schools of each borough does the answer that an indicator rests on, met now, count for
-- a few quarters more at most?
-- An answer of a quarter stands up to and including the quarter that ends `valid_for` months after
-- its own (table extract). `runs_out_next`: schools for which it stands in this quarter for the last
-- time. Schools in scope in one quarter, read once: no sum of state_count holds a date.
-- grain: one row per borough, all of them
-- $quarter: calendar quarter, as 2026-Q3
-- $indicator: name of an indicator of school grain whose extract is valid for months
-- $ahead: quarters after this one in which it may count at most
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with met as (
    select i.borough_code, i.urn, s.pupils,
        (e.valid_for_count - date_diff('month', a.ends, q.ends)) // 3 as quarters_left
    from indicator_state as i
    inner join school as s
        on i.quarter = s.quarter
        and i.urn = s.urn
    inner join indicator as d on i.indicator = d.indicator
    inner join extract as e
        on e.extract = d.extracts[1]
        and e.valid_for_unit = 'month'
    inner join quarter as q on i.quarter = q.quarter
    inner join quarter as a on i.evidence_quarter = a.quarter
    where i.quarter = $quarter
        and i.indicator = $indicator
        and i.state = 'met'
        and ($phase::varchar is null or s.phase = $phase)
        and ($school_type::varchar is null or s.school_type = $school_type)
)

select b.borough_code, b.borough,
    count(m.urn) as met,
    count(*) filter (where m.quarters_left <= $ahead::integer) as runs_out,
    count(*) filter (where m.quarters_left = 0) as runs_out_next,
    coalesce(sum(m.pupils) filter (where m.quarters_left <= $ahead::integer), 0)::bigint
        as pupils_runs_out,
    count(*) filter (where m.quarters_left <= $ahead::integer and m.pupils is null)
        as runs_out_without_pupils
from borough as b
left join met as m on b.borough_code = m.borough_code
group by b.borough_code, b.borough
order by runs_out desc, b.borough asc
