-- title: HSB referrals per 10,000 children, four quarters
-- question: How many referrals of harmful sexual behaviour were accepted in four quarters per 10,000 children who live there?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: accepted referrals of type HSB in this and the three quarters before
-- denominator: residents aged 0 to 17 of the boroughs that submitted all four quarters, by the mid-year estimate that stands
-- gap: none; it has no polarity
-- unit: per 10,000 residents aged 0-17
-- period: four quarters to the end of the quarter
-- polarity: none
-- applies_to: boroughs that submitted all four quarters and whose residents are held
-- extracts: referrals, population
-- owner: council
-- closes: Nothing: it is what was passed on, not how much harm occurred; higher can mean more trust.
-- weight: 0
-- note: It is what was passed on, not how much harm occurred; higher can mean more trust.
-- map: Per 10,000 children
-- classes: 0 = under 8; 8 = 8.0–10.9; 11 = 11.0–13.9; 14 = 14.0–16.9; 17 = 17 or more
-- decimals: 1
-- $quarters (list): calendar quarters
with counted as (
    select f.quarter, a.level, a.area_code, count(r.residents) as with_denominator,
        sum(r.residents) as denominator, count(*) as boroughs
    from figure as f
    inner join area_borough as a on f.area_code = a.borough_code
    left join standing_residents as r
        on f.quarter = r.quarter
        and f.area_code = r.borough_code
    where f.measure = 'hsb_referrals_four_quarters'
        and f.level = 'borough'
        and f.breakdown = 'total'
        and f.quarter = any($quarters::varchar[])
    group by f.quarter, a.level, a.area_code
),

measured as (
    select q.quarter, a.level, a.area_code, f.measure, f.value as numerator, f.marker,
        case when c.with_denominator = c.boroughs then nullif(c.denominator, 0)::bigint end
            as denominator,
        coalesce(f.areas_submitted, 0) as areas_submitted, a.areas
    from quarter as q
    cross join area as a
    left join figure as f
        on q.quarter = f.quarter
        and a.level = f.level
        and a.area_code = f.area_code
        and f.measure = 'hsb_referrals_four_quarters'
        and f.breakdown = 'total'
    left join counted as c
        on q.quarter = c.quarter
        and a.level = c.level
        and a.area_code = c.area_code
    where q.quarter = any($quarters::varchar[])
)

select quarter, level, area_code, numerator, denominator,
    10000.0 * numerator / denominator as value, null::double as low, null::double as high,
    case when denominator is not null then marker end as marker,
    case
        when measure is null then 'not_submitted'
        when denominator is null then 'no_denominator'
    end as reason,
    areas_submitted, areas
from measured
