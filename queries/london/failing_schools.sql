-- Which schools of a borough have the gap of every chosen indicator at once, and on what evidence?
-- `place` numbers the schools of a phase by URN, so that a shared screen can show them unnamed.
-- `evidence` is in the order of `indicators`.
-- grain: one row per school of the borough that has them all; the largest first
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $indicators (list): names of indicators of school grain, each once
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with placed as (
    select *, row_number() over (partition by phase order by urn) as place
    from school
    where quarter = $quarter
        and borough_code = $borough
)

select s.urn, s.school_name, s.place, s.school_type, s.phase, s.pupils,
    list(i.evidence order by list_position($indicators::varchar[], i.indicator)) as evidence
from placed as s
inner join indicator_state as i
    on s.quarter = i.quarter
    and s.urn = i.urn
where i.indicator = any($indicators::varchar[])
    and ($phase::varchar is null or s.phase = $phase)
    and ($school_type::varchar is null or s.school_type = $school_type)
group by s.urn, s.school_name, s.place, s.school_type, s.phase, s.pupils
having bool_and(i.state = 'gap')
order by s.pupils desc nulls last, s.urn asc
