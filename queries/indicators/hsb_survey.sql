-- title: HSB survey
-- question: Which schools returned the survey on harmful sexual behaviour?
-- letter: 11
-- grain: one row per quarter and school in scope
-- numerator: schools that returned the survey
-- denominator: schools that answer yes or no
-- gap: HSB survey not returned
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: all schools but nurseries
-- extracts: school_safeguarding
-- topic: hsb_survey_returned
-- owner: school
-- closes: The school returns the survey: culture, policies, training, reports over two years.
-- weight: 2
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn,
    case when not is_nursery then answer_state else 'not_applicable' end as state,
    case when not is_nursery then answer_reason end as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'hsb_survey_returned'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
