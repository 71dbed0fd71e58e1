-- title: Anonymous reporting
-- question: In which schools can pupils report anonymously?
-- letter: 15
-- grain: one row per quarter and school in scope
-- numerator: schools in which pupils can report anonymously
-- denominator: schools that answer yes or no
-- gap: no anonymous route
-- unit: schools
-- period: quarter
-- polarity: higher is better
-- applies_to: schools with pupils aged 7+ (highest age 7 or more; where the ages are not known, all but nurseries)
-- extracts: school_safeguarding
-- topic: anonymous_reporting
-- owner: school
-- closes: The school opens a way to report without giving a name, tells its pupils, and returns it.
-- weight: 2
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
select quarter, borough_code, urn,
    case when has_pupils_of_7 then answer_state else 'not_applicable' end as state,
    case when has_pupils_of_7 then answer_reason end as reason,
    answer_evidence as evidence, answer_quarter as evidence_quarter, evidence_urn, submission_id
from school_asked
where topic = 'anonymous_reporting'
    and quarter = any($quarters::varchar[])
    and borough_code = any($boroughs::varchar[])
