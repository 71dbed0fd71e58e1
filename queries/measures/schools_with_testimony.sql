-- How many schools of each borough does a testimony name, and how does the police engage with them?
-- A testimony counts from the quarter for which it was copied on; it is unverified and of any year.
-- grain: one row per quarter and borough of which testimonies were copied, breakdown and category of more than 0
-- $quarters (list): calendar quarters
with asked as (
    select h.quarter, c.borough_code
    from held_quarter as h
    inner join submission_status as c on h.quarter >= c.quarter
    where c.extract = 'testimonies'
        and h.quarter = any($quarters::varchar[])
    group by h.quarter, c.borough_code
),

named as (
    select g.quarter, g.borough_code, g.testimonies, i.state
    from asked as a
    inner join school_signal as g
        on a.quarter = g.quarter
        and a.borough_code = g.borough_code
    left join indicator_state as i
        on g.quarter = i.quarter
        and g.borough_code = i.borough_code
        and g.urn = i.urn
        and i.indicator = 'police_engagement'
)

select quarter, borough_code, 'total' as breakdown, 'all' as category,
    count(*) filter (where testimonies) as value
from named
group by quarter, borough_code
union all
select quarter, borough_code, 'police engagement' as breakdown, state as category,
    count(*) as value
from named
where testimonies
group by quarter, borough_code, state
