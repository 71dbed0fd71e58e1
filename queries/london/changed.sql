-- What changed on each indicator since the quarter before: for all schools, and for the same ones?
-- `same_n`: schools met or gap in both quarters, of which `closed` went from gap to met and `opened`
-- from met to gap. `became_known`: unknown before and met or gap now; `became_unknown`: the reverse.
-- `arrived`: not in scope of their borough in the quarter before.
-- grain: one row per indicator of school grain
-- $quarter: calendar quarter, as 2026-Q3
-- $previous: the quarter before, which is held
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select indicator, quarter = $quarter as is_now, state, state_before,
        state in ('met', 'gap') as is_known,
        state_before in ('met', 'gap') as was_known,
        sum(schools) as schools, sum(pupils) as pupils
    from state_count
    where quarter in ($quarter, $previous)
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by all
),

summed as (
    select indicator,
        sum(schools) filter (where is_now and is_known) as n,
        sum(schools) filter (where is_now and state = 'gap') as gap,
        sum(schools) filter (where not is_now and is_known) as n_before,
        sum(schools) filter (where not is_now and state = 'gap') as gap_before,
        sum(schools) filter (where is_now and is_known and was_known) as same_n,
        sum(schools) filter (where is_now and state = 'gap' and was_known) as same_gap,
        sum(schools) filter (where is_now and is_known and state_before = 'gap') as same_gap_before,
        sum(schools) filter (where is_now and state = 'met' and state_before = 'gap') as closed,
        sum(schools) filter (where is_now and state = 'gap' and state_before = 'met') as opened,
        sum(schools) filter (where is_now and is_known and state_before = 'unknown')
            as became_known,
        sum(schools) filter (where is_now and state = 'unknown' and was_known) as became_unknown,
        sum(schools) filter (where is_now and state_before is null) as arrived,
        sum(pupils) filter (where is_now and state = 'met' and state_before = 'gap')
            as pupils_closed
    from counted
    group by indicator
)

select i.indicator, i.title, i.owner, i.closes,
    coalesce(s.n, 0)::bigint as n,
    coalesce(s.gap, 0)::bigint as gap,
    coalesce(s.n_before, 0)::bigint as n_before,
    coalesce(s.gap_before, 0)::bigint as gap_before,
    coalesce(s.same_n, 0)::bigint as same_n,
    coalesce(s.same_gap, 0)::bigint as same_gap,
    coalesce(s.same_gap_before, 0)::bigint as same_gap_before,
    coalesce(s.closed, 0)::bigint as closed,
    coalesce(s.opened, 0)::bigint as opened,
    coalesce(s.became_known, 0)::bigint as became_known,
    coalesce(s.became_unknown, 0)::bigint as became_unknown,
    coalesce(s.arrived, 0)::bigint as arrived,
    coalesce(s.pupils_closed, 0)::bigint as pupils_closed
from indicator as i
left join summed as s on i.indicator = s.indicator
where i.grain = 'school'
order by regexp_extract(i.letter, '\d+')::integer, i.title
