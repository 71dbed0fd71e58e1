-- How many referrals of both types did schools make (source 2A) that each borough accepted?
-- grain: one row per quarter and borough that submitted
-- $quarters (list): calendar quarters
with referred as (
    select quarter, borough_code, sum(referrals) as referrals
    from current_referrals
    where source = '2A'
        and quarter = any($quarters::varchar[])
    group by quarter, borough_code
)

select c.quarter, c.borough_code, 'total' as breakdown, 'all' as category,
    coalesce(r.referrals, 0)::bigint as value
from submission_status as c
left join referred as r
    on c.quarter = r.quarter
    and c.borough_code = r.borough_code
where c.extract = 'referrals'
    and c.quarter = any($quarters::varchar[])
