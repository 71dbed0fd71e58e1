-- How many schools have each gap, and how did that change on the quarter before: for all schools,
-- and for those that answered in both quarters?
-- grain: one row per indicator of school grain
-- $quarter: calendar quarter, as 2026-Q3
-- $previous (optional): the quarter before, where it is held
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with school_state as (
    select i.indicator, i.quarter, i.urn, i.state, i.reason, s.pupils
    from indicator_state as i
    inner join school as s
        on i.quarter = s.quarter
        and i.urn = s.urn
    where i.quarter in ($quarter, $previous)
        and ($borough::varchar is null or i.borough_code = $borough)
        and ($phase::varchar is null or s.phase = $phase)
        and ($school_type::varchar is null or s.school_type = $school_type)
),

compared as (
    select coalesce(n.indicator, p.indicator) as indicator, n.state, n.reason, n.pupils,
        p.state as state_before,
        n.state in ('met', 'gap') and p.state in ('met', 'gap') as in_both
    from (select * from school_state where quarter = $quarter) as n
    full join (select * from school_state where quarter = $previous) as p
        on n.indicator = p.indicator
        and n.urn = p.urn
)

select indicator,
    count(state) as schools,
    count(*) filter (where state = 'met') as met,
    count(*) filter (where state = 'gap') as gap,
    count(*) filter (where state = 'unknown') as unknown,
    count(*) filter (where reason = 'not_asked') as not_asked,
    count(*) filter (where reason = 'no_reply') as no_reply,
    count(*) filter (where reason = 'not_submitted') as not_submitted,
    count(*) filter (where reason = 'no_row') as no_row,
    count(*) filter (where reason = 'out_of_date') as out_of_date,
    sum(pupils) filter (where state = 'gap') as pupils_gap,
    count(*) filter (where state = 'gap' and pupils is null) as gap_without_pupils,
    case when $previous is not null
        then count(*) filter (where state_before = 'gap')
    end as gap_before,
    case when $previous is not null
        then count(*) filter (where state_before = 'unknown')
    end as unknown_before,
    count(*) filter (where in_both) as same_schools,
    count(*) filter (where in_both and state = 'gap') as same_gap,
    count(*) filter (where in_both and state_before = 'gap') as same_gap_before
from compared
group by indicator
order by indicator
