-- In which boroughs are a gap or missing answers of an indicator, why are they missing, and how many
-- pupils are in those schools?
-- Pupils are those of schools whose number is known.
-- grain: one row per borough, all of them
-- $quarter: calendar quarter, as 2026-Q3
-- $indicator: name of an indicator of school grain
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select borough_code, state, coalesce(reason, state) as answer, sum(schools) as schools,
        sum(pupils) as pupils
    from state_count
    where quarter = $quarter
        and indicator = $indicator
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by borough_code, state, answer
)

select b.borough_code, b.borough,
    coalesce(sum(c.schools), 0)::bigint as schools,
    coalesce(sum(c.schools) filter (where c.answer = 'met'), 0)::bigint as met,
    coalesce(sum(c.schools) filter (where c.answer = 'gap'), 0)::bigint as gap,
    coalesce(sum(c.schools) filter (where c.answer = 'not_asked'), 0)::bigint as not_asked,
    coalesce(sum(c.schools) filter (where c.answer = 'no_reply'), 0)::bigint as no_reply,
    coalesce(sum(c.schools) filter (where c.answer = 'not_submitted'), 0)::bigint as not_submitted,
    coalesce(sum(c.schools) filter (where c.answer = 'no_row'), 0)::bigint as no_row,
    coalesce(sum(c.schools) filter (where c.answer = 'out_of_date'), 0)::bigint as out_of_date,
    coalesce(sum(c.schools) filter (where c.state = 'unknown'), 0)::bigint as unknown,
    coalesce(sum(c.pupils) filter (where c.answer = 'gap'), 0)::bigint as pupils_gap,
    coalesce(sum(c.pupils) filter (where c.state = 'unknown'), 0)::bigint as pupils_unknown,
    coalesce(sum(c.pupils) filter (where c.answer = 'not_asked'), 0)::bigint as pupils_not_asked,
    coalesce(sum(c.pupils) filter (where c.answer = 'no_reply'), 0)::bigint as pupils_no_reply
from borough as b
left join counted as c on b.borough_code = c.borough_code
group by b.borough_code, b.borough
order by b.borough
