-- title: DSL supervision
-- question: In which schools does the designated safeguarding lead have supervision?
-- letter: 6
-- grain: one row per quarter and school in scope
-- numerator: schools whose DSL has supervision
-- denominator: schools that answer yes or no
-- gap: no DSL supervision
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools
-- extracts: school_safeguarding
-- topic: dsl_supervision
-- owner: council
-- closes: The council's safeguarding advisers offer the DSL supervision, as the pilots do, and it is held.
-- weight: 1
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn, answer_state as state, answer_reason as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'dsl_supervision'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
