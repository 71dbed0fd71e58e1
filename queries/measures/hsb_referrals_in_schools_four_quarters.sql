-- How many referrals of type HSB did each borough accept, in a quarter and the three before it, of
-- schools that lay in it and whose number of pupils the register gave?
-- Only where all four were submitted. Made of the figures of hsb_referrals_in_schools, which are
-- written first.
-- grain: one row per quarter and borough that submitted all four quarters
-- $quarters (list): calendar quarters
select q.quarter, f.area_code as borough_code, 'total' as breakdown, 'all' as category,
    sum(f.value)::bigint as value
from quarter as q
inner join quarter as w on w.starts between q.starts - interval 9 month and q.starts
inner join figure as f on w.quarter = f.quarter
where q.quarter = any($quarters::varchar[])
    and f.measure = 'hsb_referrals_in_schools'
    and f.level = 'borough'
    and f.breakdown = 'total'
group by q.quarter, f.area_code
having count(*) = 4
