-- How many schools have each gap or no answer, how many pupils are in them, and how did that change
-- on the quarter before: for all schools, and for those that stood in both quarters?
-- `same_`: schools met or gap in both quarters; `both_`: schools in scope of their borough in both,
-- of which `unmet` are gap or unknown. Pupils are those of schools whose number is known.
-- grain: one row per indicator of school grain
-- $quarter: calendar quarter, as 2026-Q3
-- $previous (optional): the quarter before, where it is held
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select indicator, quarter = $quarter as is_now, state, reason, state_before,
        state in ('met', 'gap') and state_before in ('met', 'gap') as in_both,
        sum(schools) as schools, sum(pupils) as pupils,
        sum(schools_without_pupils) as schools_without_pupils
    from state_count
    where quarter in ($quarter, $previous)
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by all
),

summed as (
    select indicator,
        sum(schools) filter (where is_now) as schools,
        sum(schools) filter (where is_now and state = 'met') as met,
        sum(schools) filter (where is_now and state = 'gap') as gap,
        sum(schools) filter (where is_now and state = 'unknown') as unknown,
        sum(schools) filter (where is_now and reason = 'not_asked') as not_asked,
        sum(schools) filter (where is_now and reason = 'no_reply') as no_reply,
        sum(schools) filter (where is_now and reason = 'not_submitted') as not_submitted,
        sum(schools) filter (where is_now and reason = 'no_row') as no_row,
        sum(schools) filter (where is_now and reason = 'out_of_date') as out_of_date,
        sum(pupils) filter (where is_now and state = 'gap') as pupils_gap,
        sum(pupils) filter (where is_now and state = 'unknown') as pupils_unknown,
        sum(schools_without_pupils) filter (where is_now and state = 'gap') as gap_without_pupils,
        sum(schools_without_pupils)
            filter (where is_now and state = 'unknown') as unknown_without_pupils,
        sum(schools) filter (where not is_now and state = 'gap') as gap_before,
        sum(schools) filter (where not is_now and state = 'unknown') as unknown_before,
        sum(schools) filter (where not is_now and reason = 'not_asked') as not_asked_before,
        sum(schools) filter (where not is_now and reason = 'no_reply') as no_reply_before,
        sum(schools) filter (where is_now and in_both) as same_schools,
        sum(schools) filter (where is_now and in_both and state = 'gap') as same_gap,
        sum(schools) filter (where is_now and in_both and state_before = 'gap') as same_gap_before,
        sum(schools) filter (where is_now and state_before is not null) as both_schools,
        sum(schools) filter (
            where is_now and state_before is not null and state in ('gap', 'unknown')
        ) as both_unmet,
        sum(schools) filter (
            where is_now and state_before in ('gap', 'unknown')
        ) as both_unmet_before
    from counted
    group by indicator
)

select indicator,
    coalesce(schools, 0)::bigint as schools,
    coalesce(met, 0)::bigint as met,
    coalesce(gap, 0)::bigint as gap,
    coalesce(unknown, 0)::bigint as unknown,
    coalesce(not_asked, 0)::bigint as not_asked,
    coalesce(no_reply, 0)::bigint as no_reply,
    coalesce(not_submitted, 0)::bigint as not_submitted,
    coalesce(no_row, 0)::bigint as no_row,
    coalesce(out_of_date, 0)::bigint as out_of_date,
    coalesce(pupils_gap, 0)::bigint as pupils_gap,
    coalesce(pupils_unknown, 0)::bigint as pupils_unknown,
    coalesce(gap_without_pupils, 0)::bigint as gap_without_pupils,
    coalesce(unknown_without_pupils, 0)::bigint as unknown_without_pupils,
    case when $previous is not null then coalesce(gap_before, 0)::bigint end as gap_before,
    case when $previous is not null
        then coalesce(unknown_before, 0)::bigint
    end as unknown_before,
    case when $previous is not null
        then coalesce(not_asked_before, 0)::bigint
    end as not_asked_before,
    case when $previous is not null
        then coalesce(no_reply_before, 0)::bigint
    end as no_reply_before,
    case when $previous is not null then coalesce(same_schools, 0)::bigint end as same_schools,
    case when $previous is not null then coalesce(same_gap, 0)::bigint end as same_gap,
    case when $previous is not null
        then coalesce(same_gap_before, 0)::bigint
    end as same_gap_before,
    case when $previous is not null then coalesce(both_schools, 0)::bigint end as both_schools,
    case when $previous is not null then coalesce(both_unmet, 0)::bigint end as both_unmet,
    case when $previous is not null
        then coalesce(both_unmet_before, 0)::bigint
    end as both_unmet_before
from summed
order by indicator
