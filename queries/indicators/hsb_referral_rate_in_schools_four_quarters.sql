-- title: HSB referrals per 1,000 pupils, four quarters
-- question: How many referrals of harmful sexual behaviour were accepted in four quarters of the schools of a borough per 1,000 of their pupils?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: accepted referrals of type HSB in this and the three quarters before whose school lay in the borough and had a number of pupils in the register
-- denominator: pupils of the schools in scope whose number the register gives, in the boroughs that submitted all four quarters
-- gap: none; it has no polarity
-- unit: per 1,000 pupils
-- period: four quarters to the end of the quarter
-- polarity: none
-- applies_to: boroughs that submitted all four quarters and whose register gives numbers of pupils
-- extracts: referrals, schools
-- owner: council
-- closes: Nothing: it is what was passed on, not how much harm occurred; higher can mean more trust.
-- weight: 0
-- note: It is what was passed on, not how much harm occurred; higher can mean more trust. Referrals that name no school are not in it.
-- map: Per 1,000 pupils
-- classes: 0 = under 0.3; 0.3 = 0.3–0.5; 0.6 = 0.6–0.9; 1 = 1.0–1.9; 2 = 2 or more
-- decimals: 1
-- $quarters (list): calendar quarters
with counted as (
    select f.quarter, a.level, a.area_code, count(r.pupils) as with_denominator,
        sum(r.pupils) as denominator, count(*) as boroughs
    from figure as f
    inner join area_borough as a on f.area_code = a.borough_code
    left join (
        select quarter, borough_code, sum(pupils) as pupils
        from school
        where pupils > 0
        group by quarter, borough_code
    ) as r
        on f.quarter = r.quarter
        and f.area_code = r.borough_code
    where f.measure = 'hsb_referrals_in_schools_four_quarters'
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
        and f.measure = 'hsb_referrals_in_schools_four_quarters'
        and f.breakdown = 'total'
    left join counted as c
        on q.quarter = c.quarter
        and a.level = c.level
        and a.area_code = c.area_code
    where q.quarter = any($quarters::varchar[])
)

select quarter, level, area_code, numerator, denominator,
    1000.0 * numerator / denominator as value, null::double as low, null::double as high,
    case when denominator is not null then marker end as marker,
    case
        when measure is null then 'not_submitted'
        when denominator is null then 'no_denominator'
    end as reason,
    areas_submitted, areas
from measured
