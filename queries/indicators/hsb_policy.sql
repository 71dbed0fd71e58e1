-- title: HSB policy
-- question: Which schools have a policy on harmful sexual behaviour?
-- letter: 11
-- grain: one row per quarter and school in scope
-- numerator: schools with a policy on HSB
-- denominator: schools that answer yes or no
-- gap: no HSB policy
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools but nurseries
-- extracts: school_safeguarding
-- topic: hsb_policy
-- owner: school
-- closes: The school adopts a policy on HSB and returns it; the partnership offers a model policy.
-- weight: 2
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn,
    case when not is_nursery then answer_state else 'not_applicable' end as state,
    case when not is_nursery then answer_reason end as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'hsb_policy'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
