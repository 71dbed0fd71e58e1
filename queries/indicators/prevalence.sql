-- title: Prevalence
-- question: Which share of children say that sexual harassment happens a lot or sometimes?
-- letter: 7
-- grain: one row per quarter and area
-- numerator: children who answer "a lot" or "sometimes" to "harassment happens"
-- denominator: valid answers of children
-- gap: children say that harassment happens
-- unit: %
-- period: the survey that stands, at most 12 months old
-- polarity: lower is better
-- applies_to: boroughs whose survey asked children
-- extracts: perception_survey
-- owner: partnership
-- closes: The partnership and the schools take what children say into their plans, and ask again.
-- weight: 0
-- note: It is what children who were asked say, and says nothing of schools that were not surveyed.
-- map: A lot or sometimes
-- classes: 0 = under 30%; 30 = 30–39%; 40 = 40–49%; 50 = 50–59%; 60 = 60% or more
-- $quarters (list): calendar quarters
with surveyed as (
    select distinct quarter, level, area_code
    from figure
    where measure = 'survey_valid_answers'
        and quarter = any($quarters::varchar[])
)

select q.quarter, a.level, a.area_code, s.often as numerator, s.valid_answers as denominator,
    100.0 * s.share as value, 100.0 * s.low as low, 100.0 * s.high as high, s.marker,
    case
        when v.quarter is null then 'not_submitted'
        when s.quarter is null then 'not_asked'
        when s.marker is null and s.share is null then 'no_denominator'
    end as reason,
    coalesce(s.areas_submitted, 0) as areas_submitted, a.areas
from quarter as q
cross join area as a
left join surveyed as v
    on q.quarter = v.quarter
    and a.level = v.level
    and a.area_code = v.area_code
left join survey_share as s
    on q.quarter = s.quarter
    and a.level = s.level
    and a.area_code = s.area_code
    and s.respondent = 'child'
    and s.question = 'harassment happens'
where q.quarter = any($quarters::varchar[])
