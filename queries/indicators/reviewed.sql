-- title: Reviewed
-- question: Which schools have been reviewed?
-- letter: 19
-- grain: one row per quarter and school in scope
-- numerator: schools that reviewed how they respond
-- denominator: schools that answer yes or no
-- gap: not reviewed
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools
-- extracts: school_safeguarding
-- topic: reviewed
-- owner: partnership
-- closes: The partnership goes through with the school how the school responds, and records the review.
-- weight: 3
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn, answer_state as state, answer_reason as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'reviewed'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
