-- Which schools does a borough have, what is the gap score of each, and where does each stand on an
-- indicator?
-- `place` numbers the schools of a phase by URN, so that a shared screen can show them unnamed.
-- `score_place` orders them by gap score, the most points open first and hidden scores last.
-- grain: one row per school in scope; gaps first, then unknown, met, not applicable
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $indicator: name of an indicator of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
-- $state (optional): one state of the indicator alone
with placed as (
    select *, row_number() over (partition by phase order by urn) as place
    from school
    where quarter = $quarter
        and borough_code = $borough
),

scored as (
    select *
    from school_score
    where quarter = $quarter
        and borough_code = $borough
),

joined as (
    select s.urn, s.school_name, s.place, s.school_type, s.phase, s.phase_source, s.pupils, s.lon,
        s.lat, i.state, i.reason, i.evidence, i.evidence_quarter, i.submission_id, c.score,
        coalesce(c.hidden, true) as hidden, coalesce(c.gaps, 0) as gaps,
        coalesce(c.unknown, 0) as unknown, coalesce(c.applicable, 0) as applicable,
        coalesce(c.points_gap, 0) as points_gap, coalesce(c.points_known, 0) as points_known,
        coalesce(c.points_applicable, 0) as points_applicable
    from placed as s
    inner join indicator_state as i
        on s.quarter = i.quarter
        and s.borough_code = i.borough_code
        and s.urn = i.urn
        and i.indicator = $indicator
    left join scored as c on s.urn = c.urn
)

select *,
    row_number() over (order by score desc nulls last, points_gap desc, urn asc) as score_place
from joined
where ($phase::varchar is null or phase = $phase)
    and ($school_type::varchar is null or school_type = $school_type)
    and ($state::varchar is null or state = $state)
order by list_position(['gap', 'unknown', 'met', 'not_applicable'], state) asc, pupils desc,
    urn asc
