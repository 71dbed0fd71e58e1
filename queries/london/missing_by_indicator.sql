-- Which answers are missing on each indicator, and why?
-- `gap` is an answer and no missing one: on questions that schools answer yes or no it is a no.
-- grain: one row per indicator of school grain
-- $quarter: calendar quarter, as 2026-Q3
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select indicator, state, coalesce(reason, state) as answer, sum(schools) as schools,
        sum(pupils) as pupils
    from state_count
    where quarter = $quarter
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by indicator, state, answer
)

select i.indicator, i.title,
    coalesce(sum(c.schools) filter (where c.answer = 'met'), 0)::bigint as met,
    coalesce(sum(c.schools) filter (where c.answer = 'gap'), 0)::bigint as gap,
    coalesce(sum(c.schools) filter (where c.answer = 'not_asked'), 0)::bigint as not_asked,
    coalesce(sum(c.schools) filter (where c.answer = 'no_reply'), 0)::bigint as no_reply,
    coalesce(sum(c.schools) filter (where c.answer = 'not_submitted'), 0)::bigint as not_submitted,
    coalesce(sum(c.schools) filter (where c.answer = 'no_row'), 0)::bigint as no_row,
    coalesce(sum(c.schools) filter (where c.answer = 'out_of_date'), 0)::bigint as out_of_date,
    coalesce(sum(c.schools) filter (where c.state = 'unknown'), 0)::bigint as unknown,
    coalesce(sum(c.pupils) filter (where c.state = 'unknown'), 0)::bigint as pupils_unknown,
    coalesce(sum(c.pupils) filter (where c.answer = 'gap'), 0)::bigint as pupils_gap
from indicator as i
left join counted as c on i.indicator = c.indicator
where i.grain = 'school'
group by i.indicator, i.title, i.letter
order by regexp_extract(i.letter, '\d+')::integer, i.title
