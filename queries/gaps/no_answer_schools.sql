-- Behind "we have not asked N; N have not replied; N said no": which schools of a borough have no
-- answer that meets an indicator, why, and which submission says so?
-- `answer` is said_no (a gap), not_asked, no_reply, not_submitted (the borough), no_row (the
-- borough submitted, the school is absent) or out_of_date. `place` numbers the schools of a phase by
-- URN, as schools/in_borough does.
-- grain: one row per school in scope that is not known to meet it
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $indicator: name of an indicator of school grain
-- $answer (optional): one answer alone
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with placed as (
    select *, row_number() over (partition by phase order by urn) as place
    from school
    where quarter = $quarter
        and borough_code = $borough
),

source as (
    -- not by borough: the row of a school may stand in another borough's part of the file
    select distinct submission_id, quarter, file_name, version, published_at
    from submission_status
),

unanswered as (
    select *, coalesce(reason, 'said_no') as answer
    from indicator_state
    where quarter = $quarter
        and borough_code = $borough
        and indicator = $indicator
        and state in ('gap', 'unknown')
)

select s.urn, s.school_name, s.place, s.school_type, s.phase, s.phase_source, s.pupils, u.answer,
    u.state, u.reason, u.evidence, u.evidence_quarter, u.evidence_urn, u.submission_id,
    t.file_name, t.version, t.published_at
from unanswered as u
inner join placed as s on u.urn = s.urn
left join source as t
    on u.submission_id = t.submission_id
    and u.evidence_quarter = t.quarter
where ($answer::varchar is null or u.answer = $answer)
    and ($phase::varchar is null or s.phase = $phase)
    and ($school_type::varchar is null or s.school_type = $school_type)
order by list_position(
    ['said_no', 'not_asked', 'no_reply', 'no_row', 'not_submitted', 'out_of_date'], u.answer
), s.urn
