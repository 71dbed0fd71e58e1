-- In which types of school did a borough close a gap since the quarter before?
-- `same_n`: schools met or gap in both quarters, of which `closed` went from gap to met and `opened`
-- from met to gap; `gap`: schools with the gap now, whatever they were before.
-- grain: one row per school type of the borough to which the indicator applies
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $indicator: name of an indicator of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
select school_type,
    coalesce(sum(schools) filter (
        where state in ('met', 'gap') and state_before in ('met', 'gap')
    ), 0)::bigint as same_n,
    coalesce(sum(schools) filter (where state = 'met' and state_before = 'gap'), 0)::bigint
        as closed,
    coalesce(sum(schools) filter (where state = 'gap' and state_before = 'met'), 0)::bigint
        as opened,
    coalesce(sum(schools) filter (where state = 'gap'), 0)::bigint as gap,
    coalesce(sum(schools) filter (where state = 'unknown'), 0)::bigint as unknown,
    coalesce(sum(pupils) filter (where state = 'met' and state_before = 'gap'), 0)::bigint
        as pupils_closed
from state_count
where quarter = $quarter
    and borough_code = $borough
    and indicator = $indicator
    and state <> 'not_applicable'
    and ($phase::varchar is null or phase = $phase)
    and ($school_type::varchar is null or school_type = $school_type)
group by school_type
order by closed desc, same_n desc, school_type asc
