-- Of how many secondary-age schools of each borough is it known whether a referral was seen?
-- grain: one row per quarter and borough with a school in scope
-- $quarters (list): calendar quarters
select quarter, borough_code, 'total' as breakdown, 'all' as category,
    count(*) filter (where no_referral_state in ('no_referral_seen', 'not_flagged')) as value
from school_signal
where quarter = any($quarters::varchar[])
group by quarter, borough_code
