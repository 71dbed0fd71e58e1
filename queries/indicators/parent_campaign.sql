-- title: Parents' campaign
-- question: Which schools' parents were sent the campaign?
-- letter: 9
-- grain: one row per quarter and school in scope
-- numerator: schools whose parents were sent the campaign
-- denominator: schools that answer yes or no
-- gap: no parents' campaign
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools but nurseries; colleges too
-- extracts: school_safeguarding
-- topic: parent_campaign_sent
-- owner: partnership
-- closes: The partnership hands the school the campaign and the school sends it to its parents.
-- weight: 1
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn,
    case when not is_nursery then answer_state else 'not_applicable' end as state,
    case when not is_nursery then answer_reason end as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'parent_campaign_sent'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
