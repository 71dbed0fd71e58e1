-- How many contacts about staff in education had the LADO of each borough?
-- grain: one row per quarter and borough that submitted
-- $quarters (list): calendar quarters
select c.quarter, c.borough_code, 'total' as breakdown, 'all' as category,
    coalesce(sum(l.contacts_education), 0)::bigint as value
from submission_status as c
left join current_lado as l
    on c.quarter = l.quarter
    and c.borough_code = l.borough_code
where c.extract = 'lado'
    and c.quarter = any($quarters::varchar[])
group by c.quarter, c.borough_code
