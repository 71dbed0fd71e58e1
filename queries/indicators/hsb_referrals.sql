-- title: HSB referrals
-- question: How many referrals of harmful sexual behaviour did each borough accept?
-- letter: 12
-- grain: one row per quarter and borough that submitted
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
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
with hsb as (
    select quarter, borough_code, sum(referrals) as referrals
    from current_referrals
    where referral_type = 'HSB'
    group by quarter, borough_code
)

select c.quarter, c.borough_code, coalesce(h.referrals, 0)::bigint as value
from submission_status as c
left join hsb as h
    on c.quarter = h.quarter
    and c.borough_code = h.borough_code
where c.extract = 'referrals'
    and c.quarter = any($quarters::varchar[])
    and c.borough_code = any($boroughs::varchar[])
