-- title: HSB referrals
-- question: How many referrals of harmful sexual behaviour were accepted?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: accepted referrals of type HSB
-- denominator: none; a count
-- gap: none; it has no polarity
-- unit: referrals
-- period: quarter
-- polarity: none
-- applies_to: boroughs that submitted; a nil return is 0
-- extracts: referrals
-- owner: council
-- closes: Nothing: it is what was passed on, not how much harm occurred; higher can mean more trust.
-- weight: 0
-- note: It is what was passed on, not how much harm occurred; higher can mean more trust.
-- map: Referrals in the quarter
-- classes: 0 = 0; 10 = 10–15; 20 = 20–25; 30 = 30–45; 50 = 50 or more
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
    and f.measure = 'hsb_referrals'
    and f.breakdown = 'total'
where q.quarter = any($quarters::varchar[])
