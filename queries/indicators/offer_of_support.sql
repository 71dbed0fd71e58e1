-- title: Offer of support
-- question: Which schools were sent the offer of support?
-- letter: 19
-- grain: one row per quarter and school in scope
-- numerator: schools to which the offer of support was sent
-- denominator: schools that answer yes or no
-- gap: no offer of support
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools
-- extracts: school_safeguarding
-- topic: offer_of_support_sent
-- owner: partnership
-- closes: The partnership sends the school its offer of support and records it.
-- weight: 2
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn, answer_state as state, answer_reason as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'offer_of_support_sent'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
