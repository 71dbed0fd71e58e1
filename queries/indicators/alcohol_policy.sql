-- title: Alcohol policy
-- question: Which schools have a policy on alcohol?
-- letter: 11
-- grain: one row per quarter and school in scope
-- numerator: schools with a policy on alcohol
-- denominator: schools that answer yes or no
-- gap: no alcohol policy
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: schools with pupils aged 11+ (highest age 11 or more, but no primary school that ends at 11; where the ages are not known, all but nurseries and primary schools)
-- extracts: school_safeguarding
-- topic: alcohol_policy
-- owner: school
-- closes: The school adopts a policy on alcohol and returns it.
-- weight: 1
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn,
    case when has_pupils_of_11 then answer_state else 'not_applicable' end as state,
    case when has_pupils_of_11 then answer_reason end as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'alcohol_policy'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
