-- Which schools does a borough have, and where does each stand on an indicator?
-- grain: one row per school in scope
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $indicator: name of an indicator of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
select s.urn, s.school_name, s.school_type, s.phase, s.phase_source, s.pupils, s.lon, s.lat,
    i.state, i.reason, i.evidence, i.evidence_quarter, i.submission_id
from school as s
inner join indicator_state as i
    on s.quarter = i.quarter
    and s.urn = i.urn
where s.quarter = $quarter
    and s.borough_code = $borough
    and i.indicator = $indicator
    and ($phase::varchar is null or s.phase = $phase)
    and ($school_type::varchar is null or s.school_type = $school_type)
order by s.school_name, s.urn
