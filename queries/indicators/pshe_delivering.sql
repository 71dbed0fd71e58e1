-- title: PSHE programme
-- question: Which schools deliver the PSHE programme?
-- letter: 18
-- grain: one row per quarter and school in scope
-- numerator: schools that deliver the programme
-- denominator: schools that answer yes or no
-- gap: PSHE programme not delivered
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools but nurseries; colleges too
-- extracts: school_safeguarding
-- topic: pshe_delivering
-- owner: health
-- closes: Public health, with the community safety partnership, brings the programme to the school, and it is taught.
-- weight: 1
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn,
    case when not is_nursery then answer_state else 'not_applicable' end as state,
    case when not is_nursery then answer_reason end as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'pshe_delivering'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
