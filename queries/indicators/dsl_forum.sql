-- title: DSL forum
-- question: Which schools attended the forum of designated safeguarding leads in the last 12 months?
-- letter: 2
-- grain: one row per quarter and school in scope
-- numerator: schools that attended at least once in 12 months
-- denominator: schools that answer yes or no
-- gap: did not attend the DSL forum
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools
-- extracts: school_safeguarding
-- topic: dsl_forum_attended
-- owner: partnership
-- closes: The partnership invites the school by name, offers it a role on the forum, and the school attends.
-- weight: 2
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn, answer_state as state, answer_reason as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'dsl_forum_attended'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
