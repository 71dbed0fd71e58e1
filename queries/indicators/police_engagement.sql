-- title: Police engagement
-- question: Which schools have a named police contact who was in touch this term or the last?
-- letter: 14
-- grain: one row per quarter and school in scope
-- numerator: schools whose level is at least "named contact", with a contact in this or the previous term (or as many terms before as the partnership set)
-- denominator: schools that answer yes or no
-- gap: no police contact
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools but nurseries
-- extracts: police_engagement
-- topic: engagement
-- owner: police
-- closes: The command unit names an officer for the school and the officer gets in touch.
-- weight: 3
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
with contact as (
    select p.*, case
        when right(p.last_contact_month, 2) in ('07', '08') then m.term_no - 1
        else m.term_no
    end as term_no
    from current_police_engagement as p
    left join quarter as m
        on (p.last_contact_month || '-01')::date between m.starts and m.ends
),

answered as (
    select a.*, c.level, c.last_contact_month, c.priority_school = 'yes' as is_priority,
        c.level in ('named contact', 'active', 'embedded') as has_named_contact,
        coalesce(q.term_no - c.term_no <= t.value, false) as is_recent
    from school_asked as a
    inner join quarter as q on a.quarter = q.quarter
    inner join borough_setting as t
        on a.borough_code = t.borough_code
        and t.setting = 'police_contact_terms'
    left join contact as c
        on a.submission_id = c.submission_id
        and a.answer_quarter = c.quarter
        and a.answer_borough = c.borough_code
        and a.answer_urn = c.urn
    where a.topic = 'engagement'
        and a.quarter = any($quarters::varchar[])
        and a.borough_code = any($boroughs::varchar[])
)

select quarter, borough_code, urn,
    case
        when is_nursery then 'not_applicable'
        when reason is not null then 'unknown'
        when has_named_contact and last_contact_month is null then 'unknown'
        when has_named_contact and is_recent then 'met'
        else 'gap'
    end as state,
    case
        when is_nursery then null
        when reason is not null then reason
        when has_named_contact and last_contact_month is null then 'no_reply'
    end as reason,
    level || coalesce(', last contact ' || last_contact_month, ', month of last contact not given')
    || case when is_priority then ', a priority school' else '' end
    || origin as evidence,
    answer_quarter as evidence_quarter, evidence_urn, submission_id
from answered
