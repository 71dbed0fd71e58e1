-- title: Perception gap, parents
-- question: By how many points do children say more often than parents that sexual harassment happens?
-- letter: 8
-- grain: one row per quarter and area
-- numerator: none; the share of children who answer "a lot" or "sometimes" less the share of parents
-- denominator: valid answers of children and of parents together, in boroughs that asked both
-- gap: parents do not see what children see
-- unit: percentage points
-- period: the survey that stands, at most 12 months old
-- polarity: lower is better
-- applies_to: boroughs whose survey asked children and parents
-- extracts: perception_survey
-- owner: partnership
-- closes: The partnership tells parents what children say, and asks again.
-- weight: 0
-- note: Below 0 adults say it more often than children. The interval is of the difference, at 95%.
-- map: Points apart
-- classes: -100 = under 5; 5 = 5–9; 10 = 10–19; 20 = 20–29; 30 = 30 or more
-- $quarters (list): calendar quarters
with surveyed as (
    select distinct quarter, level, area_code
    from figure
    where measure = 'survey_valid_answers'
        and quarter = any($quarters::varchar[])
)

select q.quarter, a.level, a.area_code, null::bigint as numerator,
    g.valid_answers as denominator, g.points as value, g.low, g.high, g.marker,
    case
        when v.quarter is null then 'not_submitted'
        when g.quarter is null then 'not_asked'
        when g.marker is null and g.points is null then 'no_denominator'
    end as reason,
    coalesce(g.areas_submitted, 0) as areas_submitted, a.areas
from quarter as q
cross join area as a
left join surveyed as v
    on q.quarter = v.quarter
    and a.level = v.level
    and a.area_code = v.area_code
left join survey_gap as g
    on q.quarter = g.quarter
    and a.level = g.level
    and a.area_code = g.area_code
    and g.adult = 'parent'
    and g.question = 'harassment happens'
where q.quarter = any($quarters::varchar[])
