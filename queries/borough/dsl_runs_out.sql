-- In which schools of a borough does the DSL training that is in date stop counting soon?
-- An answer of a quarter counts as long as its extract's validity says; `last_quarter` is the last
-- quarter in which it does, `quarters_left` how many come after the one that is looked at. Both
-- are null where the training is not in date, or that is not known.
-- grain: one row per school in scope; those that run out first come first
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with placed as (
    select *, row_number() over (partition by phase order by urn) as place
    from school
    where quarter = $quarter
        and borough_code = $borough
),

in_date as (
    select i.urn, i.evidence_quarter, i.submission_id, a.ends, a.term_no, e.valid_for_count,
        e.valid_for_unit
    from indicator_state as i
    inner join indicator as d on i.indicator = d.indicator
    inner join extract as e on d.extracts[1] = e.extract
    inner join quarter as a on i.evidence_quarter = a.quarter
    where i.quarter = $quarter
        and i.borough_code = $borough
        and i.indicator = 'dsl_in_date'
        and i.state = 'met'
),

lasting as (
    select i.urn, any_value(i.evidence_quarter) as evidence_quarter,
        any_value(i.submission_id) as submission_id, max(q.quarter) as last_quarter,
        count(*) filter (where q.quarter > $quarter) as quarters_left
    from in_date as i
    inner join quarter as q
        on case i.valid_for_unit
            when 'month' then date_diff('month', i.ends, q.ends) <= i.valid_for_count
            else q.term_no - i.term_no < i.valid_for_count
        end
    group by i.urn
)

select s.urn, s.school_name, s.place, s.school_type, s.phase, s.pupils, s.lon, s.lat, d.state,
    d.reason, l.evidence_quarter, l.last_quarter, l.quarters_left, l.submission_id
from placed as s
inner join indicator_state as d
    on s.quarter = d.quarter
    and s.borough_code = d.borough_code
    and s.urn = d.urn
    and d.indicator = 'dsl_in_date'
left join lasting as l on s.urn = l.urn
where ($phase::varchar is null or s.phase = $phase)
    and ($school_type::varchar is null or s.school_type = $school_type)
order by l.quarters_left asc nulls last, s.urn asc
