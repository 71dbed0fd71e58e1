-- In how many secondary-age schools of each borough was no referral seen, though children or a
-- testimony speak of harassment there? Only in boroughs of which it is known.
-- grain: one row per quarter and borough of which it is known
-- $quarters (list): calendar quarters
select quarter, borough_code, 'total' as breakdown, 'all' as category,
    count(*) filter (where no_referral_state = 'no_referral_seen') as value
from school_signal
where quarter = any($quarters::varchar[])
    and no_referral_state in ('no_referral_seen', 'not_flagged')
group by quarter, borough_code
