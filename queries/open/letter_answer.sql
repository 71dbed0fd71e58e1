-- What do schools answer that is followed, and never a gap of theirs: a role on the DSL forum
-- offered (row 2 of the letter), and being named as a relevant agency (row 4)?
-- `answer` is yes, no, not asked or no reply, else why there is none: not_submitted, no_row,
-- out_of_date.
-- grain: one row per held quarter, borough, school type, phase, item and answer
with asked as (
    select *
    from school_asked
    where topic = 'dsl_forum_attended'
)

select a.quarter, a.borough_code, a.school_type, a.phase, i.item,
    coalesce(a.reason, y.answer) as answer, count(*)::bigint as schools
from asked as a
cross join (values ('dsl_forum_role_offered'), ('relevant_agency_named')) as i (item)
left join school_yes_no as y
    on i.item = y.topic
    and a.submission_id = y.submission_id
    and a.answer_quarter = y.quarter
    and a.answer_borough = y.borough_code
    and a.answer_urn = y.urn
where coalesce(a.reason, y.answer) is not null
group by a.quarter, a.borough_code, a.school_type, a.phase, i.item, coalesce(a.reason, y.answer)
