-- title: Letter sent
-- question: To which schools did the partnership write?
-- letter: 10
-- grain: one row per quarter and school in scope
-- numerator: schools to which the partnership wrote
-- denominator: schools that answer yes or no
-- gap: no letter sent
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools
-- extracts: school_safeguarding
-- topic: letter_sent
-- owner: partnership
-- closes: The partnership writes to the school and records it.
-- weight: 1
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn, answer_state as state, answer_reason as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'letter_sent'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
