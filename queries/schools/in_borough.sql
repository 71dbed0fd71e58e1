-- Which schools does a borough have, and where does each stand on an indicator?
-- `place` numbers the schools of a phase by URN, so that a shared screen can show them unnamed.
-- grain: one row per school in scope; gaps first, then unknown, met, not applicable
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $indicator: name of an indicator of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with placed as (
    select *, row_number() over (partition by phase order by urn) as place
    from school
    where quarter = $quarter
        and borough_code = $borough
)

select s.urn, s.school_name, s.place, s.school_type, s.phase, s.phase_source, s.pupils, s.lon,
    s.lat, i.state, i.reason, i.evidence, i.evidence_quarter, i.submission_id
from placed as s
inner join indicator_state as i
    on s.quarter = i.quarter
    and s.urn = i.urn
where i.indicator = $indicator
    and ($phase::varchar is null or s.phase = $phase)
    and ($school_type::varchar is null or s.school_type = $school_type)
order by list_position(['gap', 'unknown', 'met', 'not_applicable'], i.state) asc, s.pupils desc,
    s.urn asc
