-- Which answer stands for each school and topic, or why is there none?
-- not_submitted: its borough sent nothing that still counts; no_row: its borough did, the school
-- is not in it; out_of_date: it answered longer ago than the contract's valid_for.
-- An answer stands for a number of months after its quarter's end, or for as many school terms,
-- its own included. Where a school's own does not stand, that of the nearest predecessor that does
-- takes its place (school_predecessor), from the day on which the link was established.
-- A school that two boroughs answer for in one quarter: the answer of the borough in which the
-- register has it counts, else that of the borough which comes first in the alphabet.
-- grain: one row per quarter, school in scope and topic
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
-- $extract (optional): one extract alone
with topic as (
    select *
    from school_topic
    where $extract::varchar is null or extract = $extract
),

part as (
    select distinct extract, part, valid_for_count, valid_for_unit
    from topic
),

school_of_quarter as (
    select s.quarter, s.borough_code, s.urn, q.ends, q.term_no
    from school as s
    inner join quarter as q on s.quarter = q.quarter
    where s.quarter = any($quarters::varchar[])
        and s.borough_code = any($boroughs::varchar[])
),

source as (
    select *, urn as answer_urn, 0 as generation
    from school_of_quarter
    union all
    select s.*, p.predecessor_urn as answer_urn, p.generation
    from school_of_quarter as s
    inner join school_predecessor as p on s.urn = p.urn
    where coalesce(p.since <= s.ends, true)
),

answer as (
    select h.extract, h.part, h.quarter, h.urn, h.borough_code, h.submission_id, b.borough
    from school_answer as h
    inner join borough as b on h.borough_code = b.borough_code
    where $extract::varchar is null or h.extract = $extract
),

answered as (
    select distinct extract, part, urn, quarter
    from answer
),

asked as (
    select s.*, p.*
    from source as s
    cross join part as p
),

last_answer as (
    select a.*, h.quarter as answer_quarter
    from asked as a
    asof inner join answered as h
        on a.extract = h.extract
        and a.part = h.part
        and a.answer_urn = h.urn
        and a.quarter >= h.quarter
),

dated as (
    select a.*,
        case a.valid_for_unit
            when 'month' then date_diff('month', q.ends, a.ends) <= a.valid_for_count
            else a.term_no - q.term_no < a.valid_for_count
        end as stands
    from last_answer as a
    inner join quarter as q on a.answer_quarter = q.quarter
),

chosen as (
    select d.quarter, d.urn, d.borough_code, d.extract, d.part, d.answer_quarter, d.answer_urn,
        d.stands, h.borough_code as answer_borough, h.submission_id
    from dated as d
    inner join answer as h
        on d.extract = h.extract
        and d.part = h.part
        and d.answer_urn = h.urn
        and d.answer_quarter = h.quarter
    qualify row_number() over (
        partition by d.quarter, d.borough_code, d.urn, d.extract, d.part
        order by d.stands desc, d.generation asc, h.borough_code = d.borough_code desc,
            h.borough asc
    ) = 1
),

place as (
    select distinct s.quarter, s.borough_code, s.ends, s.term_no, p.extract, p.valid_for_count,
        p.valid_for_unit
    from school_of_quarter as s
    cross join part as p
),

borough_answered as (
    select p.*, c.quarter as answer_quarter
    from place as p
    asof inner join submission_status as c
        on p.extract = c.extract
        and p.borough_code = c.borough_code
        and p.quarter >= c.quarter
),

borough_stands as (
    select b.quarter, b.borough_code, b.extract,
        case b.valid_for_unit
            when 'month' then date_diff('month', q.ends, b.ends) <= b.valid_for_count
            else b.term_no - q.term_no < b.valid_for_count
        end as stands
    from borough_answered as b
    inner join quarter as q on b.answer_quarter = q.quarter
),

said as (
    select *
    from school_yes_no
    where $extract::varchar is null or extract = $extract
)

select s.quarter, s.borough_code, s.urn, t.extract, t.topic, c.answer_quarter, c.answer_borough,
    c.answer_urn, c.submission_id, y.answer,
    case
        when c.stands then null
        when c.answer_quarter is not null then 'out_of_date'
        when b.stands then 'no_row'
        else 'not_submitted'
    end as reason
from school_of_quarter as s
cross join topic as t
left join chosen as c
    on s.quarter = c.quarter
    and s.borough_code = c.borough_code
    and s.urn = c.urn
    and t.extract = c.extract
    and t.part = c.part
left join borough_stands as b
    on s.quarter = b.quarter
    and s.borough_code = b.borough_code
    and t.extract = b.extract
left join said as y
    on t.extract = y.extract
    and t.topic = y.topic
    and c.submission_id = y.submission_id
    and c.answer_quarter = y.quarter
    and c.answer_borough = y.borough_code
    and c.answer_urn = y.urn
