-- Which schools of a borough stand in given states on an indicator, and how long does what they
-- answered still count?
-- `place` numbers the schools of a phase by URN, so that a shared screen can show them unnamed.
-- `quarters_left`: quarters after this one in which the answer still counts; null where its extract
-- is valid for terms, or nothing was answered.
-- grain: one row per school of the borough; the largest first
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $indicator: name of an indicator of school grain
-- $answers (list): reasons of unknown, and states of the others
-- $ahead (optional): only answers that count for so many quarters after this one at most
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with placed as (
    select *, row_number() over (partition by phase order by urn) as place
    from school
    where quarter = $quarter
        and borough_code = $borough
),

listed as (
    select s.urn, s.school_name, s.place, s.school_type, s.phase, s.pupils, i.state, i.reason,
        i.evidence, i.evidence_quarter, i.submission_id,
        case when e.valid_for_unit = 'month' then
            (e.valid_for_count - date_diff('month', a.ends, q.ends)) // 3
        end as quarters_left
    from placed as s
    inner join indicator_state as i
        on s.quarter = i.quarter
        and s.urn = i.urn
    inner join indicator as d on i.indicator = d.indicator
    left join extract as e on e.extract = d.extracts[1]
    inner join quarter as q on s.quarter = q.quarter
    left join quarter as a on i.evidence_quarter = a.quarter
    where i.indicator = $indicator
        and coalesce(i.reason, i.state) = any($answers::varchar[])
        and ($phase::varchar is null or s.phase = $phase)
        and ($school_type::varchar is null or s.school_type = $school_type)
)

select *
from listed
where $ahead::integer is null or quarters_left <= $ahead
order by quarters_left asc nulls last, pupils desc nulls last, urn asc
