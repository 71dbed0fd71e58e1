-- title: HSB referrals, four quarters
-- question: How many referrals of harmful sexual behaviour were accepted in this and the three quarters before?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: accepted referrals of type HSB in four quarters
-- denominator: none; a count
-- gap: none; it has no polarity
-- unit: referrals
-- period: four quarters to the end of the quarter
-- polarity: none
-- applies_to: boroughs that submitted all four quarters; a nil return is 0
-- extracts: referrals
-- owner: council
-- closes: Nothing: it is what was passed on, not how much harm occurred; higher can mean more trust.
-- weight: 0
-- note: It is what was passed on, not how much harm occurred; higher can mean more trust.
-- map: Referrals in four quarters
-- classes: 0 = under 30; 30 = 30–55; 60 = 60–85; 90 = 90–115; 120 = 120 or more
-- $quarters (list): calendar quarters
select q.quarter, a.level, a.area_code, f.value as numerator, null::bigint as denominator,
    f.value::double as value, null::double as low, null::double as high, f.marker,
    case when f.measure is null then 'not_submitted' end as reason,
    coalesce(f.areas_submitted, 0) as areas_submitted, a.areas
from quarter as q
cross join area as a
left join figure as f
    on q.quarter = f.quarter
    and a.level = f.level
    and a.area_code = f.area_code
    and f.measure = 'hsb_referrals_four_quarters'
    and f.breakdown = 'total'
where q.quarter = any($quarters::varchar[])
