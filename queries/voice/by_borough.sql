-- What does each borough's perception survey say to one question, by who was asked, and how far do
-- adults lie from the children? Shares and points are percent, with 95% intervals.
-- grain: one row per borough, all of them, and respondent (child, parent, school); alphabetical
-- $quarter: calendar quarter, as 2026-Q3
-- $said: what is asked about: harassment happens, would report, knows how to report, school acts
with surveyed as (
    select distinct area_code
    from survey_share
    where quarter = $quarter
        and level = 'borough'
),

held as (
    select area_code
    from figure_held
    where measure = 'survey_valid_answers'
        and quarter = $quarter
        and level = 'borough'
)

select b.borough_code, b.borough, r.respondent, s.valid_answers, s.often, 100.0 * s.share as share,
    100.0 * s.low as low, 100.0 * s.high as high, s.marker,
    case
        when v.area_code is null and h.area_code is not null then 'not_released'
        when v.area_code is null then 'not_submitted'
        when s.question is null then 'not_asked'
        when s.marker is null and s.share is null then 'no_denominator'
    end as reason,
    g.points as gap, g.low as gap_low, g.high as gap_high, g.marker as gap_marker, s.release_id
from borough as b
cross join (values (1, 'child'), (2, 'parent'), (3, 'school')) as r (place, respondent)
left join surveyed as v on b.borough_code = v.area_code
left join held as h on b.borough_code = h.area_code
left join survey_share as s
    on s.quarter = $quarter
    and s.level = 'borough'
    and b.borough_code = s.area_code
    and r.respondent = s.respondent
    and s.question = $said
left join survey_gap as g
    on g.quarter = $quarter
    and g.level = 'borough'
    and b.borough_code = g.area_code
    and r.respondent = g.adult
    and g.question = $said
order by b.borough, r.place
