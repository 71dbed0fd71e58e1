-- How many referrals did each borough accept, and of which type?
-- grain: one row per quarter and borough that submitted, breakdown and category of more than 0
-- $quarters (list): calendar quarters
with referred as (
    select quarter, borough_code, referral_type, sum(referrals) as referrals
    from current_referrals
    where quarter = any($quarters::varchar[])
    group by quarter, borough_code, referral_type
)

select c.quarter, c.borough_code, 'total' as breakdown, 'all' as category,
    coalesce(sum(r.referrals), 0)::bigint as value
from submission_status as c
left join referred as r
    on c.quarter = r.quarter
    and c.borough_code = r.borough_code
where c.extract = 'referrals'
    and c.quarter = any($quarters::varchar[])
group by c.quarter, c.borough_code
union all
select quarter, borough_code, 'referral type' as breakdown, referral_type as category,
    referrals::bigint as value
from referred
where referrals > 0
