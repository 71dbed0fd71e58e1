-- Where are the schools with one gap: by borough, by school type or by phase (age)?
-- grain: one row per part that has a school in scope; most gaps first
-- $quarter: calendar quarter, as 2026-Q3
-- $indicator: name of an indicator of school grain
-- $part: borough, school type or phase
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with placed as (
    select c.*, b.borough,
        case $part
            when 'borough' then b.borough
            when 'school type' then c.school_type
            when 'phase' then c.phase
        end as part
    from state_count as c
    inner join borough as b on c.borough_code = b.borough_code
    where c.quarter = $quarter
        and c.indicator = $indicator
        and ($borough::varchar is null or c.borough_code = $borough)
        and ($phase::varchar is null or c.phase = $phase)
        and ($school_type::varchar is null or c.school_type = $school_type)
)

select part, case when $part = 'borough' then any_value(borough_code) end as borough_code,
    coalesce(sum(schools) filter (where state = 'gap'), 0)::bigint as gap,
    coalesce(sum(schools) filter (where state = 'met'), 0)::bigint as met,
    coalesce(sum(schools) filter (where state = 'unknown'), 0)::bigint as unknown,
    coalesce(sum(schools) filter (where state = 'not_applicable'), 0)::bigint as not_applicable,
    coalesce(sum(pupils) filter (where state = 'gap'), 0)::bigint as pupils_gap,
    coalesce(sum(schools_without_pupils) filter (where state = 'gap'), 0)::bigint
        as gap_without_pupils,
    coalesce(sum(schools) filter (where state = 'gap' and state_before = 'met'), 0)::bigint
        as opened,
    coalesce(sum(schools) filter (where state = 'met' and state_before = 'gap'), 0)::bigint
        as closed
from placed
group by part
order by gap desc, unknown desc, part asc
