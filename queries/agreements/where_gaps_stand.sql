-- How many schools of each borough had a gap in some quarters, in all and of some types?
-- grain: one row per quarter, indicator, borough and type of $school_types (null: every other type)
-- that has a school to which it applies
-- $quarters (list): calendar quarters, as 2026-Q3
-- $indicators (list): names of indicators of school grain
-- $school_types (list): the school types that are told apart
select quarter, indicator, borough_code,
    case when school_type = any($school_types::varchar[]) then school_type end as one_type,
    coalesce(sum(schools) filter (where state = 'gap'), 0)::bigint as gap,
    coalesce(sum(schools) filter (where state = 'met'), 0)::bigint as met,
    coalesce(sum(schools) filter (where state = 'unknown'), 0)::bigint as unknown,
    coalesce(sum(pupils) filter (where state = 'gap'), 0)::bigint as pupils_gap
from state_count
where quarter = any($quarters::varchar[])
    and indicator = any($indicators::varchar[])
    and state <> 'not_applicable'
group by quarter, indicator, borough_code, one_type
order by quarter, indicator, borough_code, one_type
