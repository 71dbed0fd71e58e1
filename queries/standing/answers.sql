-- Which answer stands for each school and topic, or why is there none?
-- not_submitted: its borough sent nothing that still counts; no_row: its borough did, the school
-- is not in it; out_of_date: it answered longer ago than the contract's valid_for.
-- An answer stands for a number of months after its quarter's end, or for as many school terms,
-- its own included.
-- grain: one row per quarter, school in scope and topic
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
-- $extract (optional): one extract alone
with asked as (
    select s.quarter, s.borough_code, s.urn, t.extract, t.topic, t.valid_for_count,
        t.valid_for_unit
    from school as s
    cross join school_topic as t
    where s.quarter = any($quarters::varchar[])
        and s.borough_code = any($boroughs::varchar[])
        and ($extract::varchar is null or t.extract = $extract)
),

answered as (
    select a.*, h.quarter as answer_quarter, h.submission_id
    from asked as a
    asof left join school_answer as h
        on a.extract = h.extract
        and a.topic = h.topic
        and a.urn = h.urn
        and a.quarter >= h.quarter
),

submitted as (
    select a.*, c.quarter as borough_quarter
    from answered as a
    asof left join submission_status as c
        on a.extract = c.extract
        and a.borough_code = c.borough_code
        and a.quarter >= c.quarter
),

dated as (
    select b.*,
        case b.valid_for_unit
            when 'month' then date_diff('month', qa.ends, q.ends) <= b.valid_for_count
            else q.term_no - qa.term_no < b.valid_for_count
        end as answer_stands,
        case b.valid_for_unit
            when 'month' then date_diff('month', qb.ends, q.ends) <= b.valid_for_count
            else q.term_no - qb.term_no < b.valid_for_count
        end as borough_stands
    from submitted as b
    inner join quarter as q on b.quarter = q.quarter
    left join quarter as qa on b.answer_quarter = qa.quarter
    left join quarter as qb on b.borough_quarter = qb.quarter
)

select quarter, borough_code, urn, extract, topic, answer_quarter, submission_id,
    case
        when answer_stands then null
        when answer_quarter is not null then 'out_of_date'
        when borough_stands then 'no_row'
        else 'not_submitted'
    end as reason
from dated
