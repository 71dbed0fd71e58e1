-- How does a measure of an area divide by one breakdown in a quarter? The total stands first, as
-- category `all`: parts are rounded on their own and need not add up to it.
-- In the released store 1 to 7 is withheld (marker c) and other counts are to the nearest 5.
-- own: exact
-- grain: one row per category that the measure has anywhere in the quarter, and one for the total; none where the area has not submitted
-- $measure: a measure of the lattice
-- $quarter: calendar quarter, as 2026-Q3
-- $level: level of the area: borough, partnership, command unit, integrated care board, inner or outer, london
-- $area: code of the area: a GSS code, a command unit's code, a name, London
-- $breakdown: source, outcome, phase, school type, referral type, police engagement
with total as (
    select *
    from figure
    where measure = $measure
        and quarter = $quarter
        and level = $level
        and area_code = $area
        and breakdown = 'total'
),

category as (
    select distinct f.breakdown, f.category
    from figure as f
    inner join total as t
        on f.measure = t.measure
        and f.quarter = t.quarter
    where f.breakdown = $breakdown
),

part as (
    select t.quarter, t.level, t.area_code, c.breakdown, c.category,
        -- No row beside a total is a true 0.
        case when f.category is null then 0 else f.value end as value, f.marker,
        t.areas_submitted, t.areas, t.release_id
    from total as t
    cross join category as c
    left join figure as f
        on t.measure = f.measure
        and t.quarter = f.quarter
        and t.level = f.level
        and t.area_code = f.area_code
        and c.breakdown = f.breakdown
        and c.category = f.category
),

final as (
    select quarter, level, area_code, breakdown, category, value, marker, areas_submitted, areas,
        release_id
    from total
    union all
    select quarter, level, area_code, breakdown, category, value, marker, areas_submitted, areas,
        release_id
    from part
)

select *
from final
order by case category when 'all' then 0 when 'not known' then 2 else 1 end asc, category asc
