-- What do children, parents and schools of an area say to each question of the perception survey, and
-- how far do parents and schools lie from the children? Shares and points are percent; `gap` is the
-- children's less theirs in the boroughs that asked both, with its 95% interval.
-- grain: one row per question and respondent (child, parent, school), all of them; reason: not_submitted, not_released, not_asked, no_denominator
-- $quarter: calendar quarter, as 2026-Q3
-- $level: level of the area: borough, partnership, command unit, integrated care board, inner or outer, london
-- $area: code of the area
with step as (
    select q.place as question_place, q.question, r.place as respondent_place, r.respondent
    from (values
        (1, 'harassment happens'), (2, 'would report'), (3, 'knows how to report'),
        (4, 'school acts')
    ) as q (place, question)
    cross join (values (1, 'child'), (2, 'parent'), (3, 'school')) as r (place, respondent)
),

said as (
    select *
    from survey_share
    where quarter = $quarter
        and level = $level
        and area_code = $area
),

held as (
    select area_code
    from figure_held
    where measure = 'survey_valid_answers'
        and quarter = $quarter
        and level = $level
        and area_code = $area
),

gap as (
    select *
    from survey_gap
    where quarter = $quarter
        and level = $level
        and area_code = $area
)

select t.question, t.respondent, s.valid_answers, s.often, 100.0 * s.share as share,
    100.0 * s.low as low, 100.0 * s.high as high, s.marker,
    case
        when not exists (select 1 from said) and exists (select 1 from held) then 'not_released'
        when not exists (select 1 from said) then 'not_submitted'
        when s.question is null then 'not_asked'
        when s.marker is null and s.share is null then 'no_denominator'
    end as reason,
    coalesce(s.areas_submitted, 0) as areas_submitted, a.areas, g.points as gap,
    g.low as gap_low, g.high as gap_high, g.marker as gap_marker,
    coalesce(g.areas_submitted, 0) as gap_areas_submitted, s.release_id
from step as t
inner join area as a
    on a.level = $level
    and a.area_code = $area
left join said as s
    on t.question = s.question
    and t.respondent = s.respondent
left join gap as g
    on t.question = g.question
    and t.respondent = g.adult
order by t.question_place, t.respondent_place
