-- title: Police engagement
-- question: Which schools have a named police contact who was in touch this term or the last?
-- letter: 14
-- grain: one row per quarter and school in scope
-- numerator: schools whose level is at least "named contact", with a contact in this or the previous term
-- denominator: schools that answer yes or no
-- gap: no police contact
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools but nurseries
-- extracts: police_engagement
-- owner: police
-- closes: The command unit names an officer for the school and the officer gets in touch.
-- weight: 3
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
with contact as (
    select p.submission_id, p.quarter, p.urn, p.level, p.last_contact_month, m.term_no
    from current_police_engagement as p
    left join quarter as m
        on (p.last_contact_month || '-01')::date between m.starts and m.ends
),

answered as (
    select s.quarter, s.borough_code, s.urn, a.reason, a.answer_quarter, a.submission_id,
        c.level, c.last_contact_month,
        s.phase = 'nursery' or s.school_type = 'nursery' as is_nursery,
        c.level in ('named contact', 'active', 'embedded') as has_named_contact,
        q.term_no
        - case
            when right(c.last_contact_month, 2) in ('07', '08') then c.term_no - 1
            else c.term_no
        end as terms_ago
    from school as s
    inner join quarter as q on s.quarter = q.quarter
    inner join standing_answer as a
        on s.quarter = a.quarter
        and s.urn = a.urn
        and a.topic = 'engagement'
    left join contact as c
        on a.submission_id = c.submission_id
        and a.answer_quarter = c.quarter
        and a.urn = c.urn
    where s.quarter = any($quarters::varchar[])
        and s.borough_code = any($boroughs::varchar[])
)

select quarter, borough_code, urn,
    case
        when is_nursery then 'not_applicable'
        when reason is not null then 'unknown'
        when has_named_contact and last_contact_month is null then 'unknown'
        when has_named_contact and terms_ago <= 1 then 'met'
        else 'gap'
    end as state,
    case
        when is_nursery then null
        when reason is not null then reason
        when has_named_contact and last_contact_month is null then 'no_reply'
    end as reason,
    case
        when level is null then null
        when last_contact_month is null then level || ', month of last contact not given'
        else level || ', last contact ' || last_contact_month
    end as evidence,
    answer_quarter as evidence_quarter, submission_id
from answered
