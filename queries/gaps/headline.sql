-- How many schools have each gap, and how did that change on the quarter before: for all schools,
-- and for those that answered in both quarters (the same schools, of the kind they are now)?
-- grain: one row per indicator of school grain
-- $quarter: calendar quarter, as 2026-Q3
-- $previous (optional): the held quarter before, where there is one
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with chosen as (
    select indicator, state, reason, state_before, schools, pupils, schools_without_pupils,
        quarter = $quarter as is_now,
        state in ('met', 'gap') and state_before in ('met', 'gap') as in_both
    from state_count
    where quarter in ($quarter, $previous)
        and ($borough::varchar is null or borough_code = $borough)
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
),

now as (
    select indicator, sum(schools) as schools,
        sum(schools) filter (where state = 'met') as met,
        sum(schools) filter (where state = 'gap') as gap,
        sum(schools) filter (where state = 'unknown') as unknown,
        sum(schools) filter (where reason = 'not_asked') as not_asked,
        sum(schools) filter (where reason = 'no_reply') as no_reply,
        sum(schools) filter (where reason = 'not_submitted') as not_submitted,
        sum(schools) filter (where reason = 'no_row') as no_row,
        sum(schools) filter (where reason = 'out_of_date') as out_of_date,
        sum(pupils) filter (where state = 'gap') as pupils_gap,
        sum(schools_without_pupils) filter (where state = 'gap') as gap_without_pupils,
        sum(schools) filter (where in_both) as same_schools,
        sum(schools) filter (where in_both and state = 'gap') as same_gap,
        sum(schools) filter (where in_both and state_before = 'gap') as same_gap_before
    from chosen
    where is_now
    group by indicator
),

earlier as (
    select indicator, sum(schools) filter (where state = 'gap') as gap_before,
        sum(schools) filter (where state = 'unknown') as unknown_before
    from chosen
    where not is_now
    group by indicator
)

select coalesce(n.indicator, e.indicator) as indicator,
    coalesce(n.schools, 0)::bigint as schools,
    coalesce(n.met, 0)::bigint as met,
    coalesce(n.gap, 0)::bigint as gap,
    coalesce(n.unknown, 0)::bigint as unknown,
    coalesce(n.not_asked, 0)::bigint as not_asked,
    coalesce(n.no_reply, 0)::bigint as no_reply,
    coalesce(n.not_submitted, 0)::bigint as not_submitted,
    coalesce(n.no_row, 0)::bigint as no_row,
    coalesce(n.out_of_date, 0)::bigint as out_of_date,
    case when n.gap > n.gap_without_pupils then n.pupils_gap end::bigint as pupils_gap,
    coalesce(n.gap_without_pupils, 0)::bigint as gap_without_pupils,
    case when $previous is not null then coalesce(e.gap_before, 0) end::bigint as gap_before,
    case when $previous is not null then coalesce(e.unknown_before, 0) end::bigint
        as unknown_before,
    case when $previous is not null then coalesce(n.same_schools, 0) else 0 end::bigint
        as same_schools,
    case when $previous is not null then coalesce(n.same_gap, 0) else 0 end::bigint as same_gap,
    case when $previous is not null then coalesce(n.same_gap_before, 0) else 0 end::bigint
        as same_gap_before
from now as n
full join earlier as e on n.indicator = e.indicator
order by indicator
