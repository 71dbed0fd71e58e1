-- How many of the staff of each agency hold each course in date, by the answer that stands in each
-- held quarter? The staff of schools are summed over the borough to the nearest 5, and only where at
-- least five schools answered about the course: one DSL is a person, and what one more school or one
-- corrected answer adds to an exact sum would be that school's.
-- grain: one row per held quarter, borough, agency and course
with validity as (
    select valid_for_count, valid_for_unit
    from extract
    where extract = 'training'
),

standing as (
    select h.quarter, t.agency, t.urn, t.course, t.borough_code,
        max(t.quarter) as answer_quarter,
        arg_max(t.staff_in_scope, t.quarter) as staff_in_scope,
        arg_max(t.staff_trained, t.quarter) as staff_trained,
        arg_max(t.submission_id, t.quarter) as submission_id
    from held_quarter as h
    inner join current_training as t on h.quarter >= t.quarter
    inner join quarter as q on h.quarter = q.quarter
    inner join quarter as a on t.quarter = a.quarter
    cross join validity as v
    where case v.valid_for_unit
        when 'month' then date_diff('month', a.ends, q.ends) <= v.valid_for_count
        else q.term_no - a.term_no < v.valid_for_count
    end
    group by h.quarter, t.agency, t.urn, t.course, t.borough_code
),

of_school as (
    select t.quarter, s.borough_code, t.course, t.urn,
        arg_max(t.staff_in_scope, t.answer_quarter) as staff_in_scope,
        arg_max(t.staff_trained, t.answer_quarter) as staff_trained,
        max(t.answer_quarter) as answer_quarter
    from standing as t
    inner join school as s
        on t.quarter = s.quarter
        and t.urn = s.urn
    where t.agency = 'school'
    group by t.quarter, s.borough_code, t.course, t.urn
)

select quarter, borough_code, agency, course, staff_in_scope::bigint as staff_in_scope,
    staff_trained::bigint as staff_trained, null::integer as schools, answer_quarter,
    submission_id
from standing
where agency <> 'school'
union all
select quarter, borough_code, 'school' as agency, course,
    5 * round(sum(staff_in_scope) / 5)::bigint as staff_in_scope,
    5 * round(sum(staff_trained) / 5)::bigint as staff_trained,
    count(*)::integer as schools, max(answer_quarter) as answer_quarter, null as submission_id
from of_school
group by quarter, borough_code, course
having count(*) >= 5
