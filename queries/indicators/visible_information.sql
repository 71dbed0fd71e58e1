-- title: Visible information
-- question: In which schools is safeguarding information visible to pupils?
-- letter: 15
-- grain: one row per quarter and school in scope
-- numerator: schools in which safeguarding information is visible to pupils
-- denominator: schools that answer yes or no
-- gap: no visible information
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: schools with pupils aged 7+ (highest age 7 or more; where the ages are not known, all but nurseries)
-- extracts: school_safeguarding
-- topic: visible_information
-- owner: school
-- closes: The school puts up where and how to report, where pupils see it, and returns it.
-- weight: 1
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn,
    case when has_pupils_of_7 then answer_state else 'not_applicable' end as state,
    case when has_pupils_of_7 then answer_reason end as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'visible_information'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
