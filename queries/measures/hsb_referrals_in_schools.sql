-- How many referrals of type HSB did each borough accept of schools that lie in it and whose number
-- of pupils the register gives? The school is the one that made the referral, else the one that the
-- child attends. A rate over pupils can hold no other referral.
-- grain: one row per quarter and borough that submitted
-- $quarters (list): calendar quarters
with in_schools as (
    select r.quarter, r.borough_code, sum(r.referrals) as referrals
    from current_referrals as r
    inner join school as s
        on r.quarter = s.quarter
        and r.borough_code = s.borough_code
        and coalesce(r.urn, r.urn_attended) = s.urn
    where r.referral_type = 'HSB'
        and r.quarter = any($quarters::varchar[])
        and s.pupils > 0
    group by r.quarter, r.borough_code
)

select c.quarter, c.borough_code, 'total' as breakdown, 'all' as category,
    coalesce(i.referrals, 0)::bigint as value
from submission_status as c
left join in_schools as i
    on c.quarter = i.quarter
    and c.borough_code = i.borough_code
where c.extract = 'referrals'
    and c.quarter = any($quarters::varchar[])
