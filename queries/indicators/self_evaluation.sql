-- title: Self-evaluation
-- question: Which schools returned their self-evaluation, the section 175/157 audit, in the last 12 months?
-- letter: 3
-- grain: one row per quarter and school in scope
-- numerator: schools that returned it in 12 months; the criteria met of those that apply stand beside
-- denominator: schools that answer yes or no
-- gap: self-evaluation not returned
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools
-- extracts: school_safeguarding
-- topic: self_evaluation_returned
-- owner: school
-- closes: The school evaluates itself against the partnership's framework and returns it.
-- weight: 2
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select a.quarter, a.borough_code, a.urn, a.answer_state as state, a.answer_reason as reason,
    a.answer_evidence || coalesce(
        ', criteria met ' || r.self_evaluation_met || ' of ' || r.self_evaluation_applicable, ''
    ) as evidence,
    a.answer_quarter as evidence_quarter, a.evidence_urn, a.submission_id
from school_asked as a
left join current_school_safeguarding as r
    on a.submission_id = r.submission_id
    and a.answer_quarter = r.quarter
    and a.answer_borough = r.borough_code
    and a.answer_urn = r.urn
where a.topic = 'self_evaluation_returned'
    and a.quarter = any($quarters::varchar[])
    and a.borough_code = any($boroughs::varchar[])
