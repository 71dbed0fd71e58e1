-- How many referrals of type HSB did each borough accept, and of which source, outcome, phase and
-- type of school? The school is the one that made the referral, else the one that the child
-- attends; phase and type are "not known" where neither is in the quarter's register.
-- grain: one row per quarter and borough that submitted, breakdown and category of more than 0
-- $quarters (list): calendar quarters
with referred as (
    select quarter, borough_code, source, outcome, coalesce(urn, urn_attended) as urn,
        sum(referrals) as referrals
    from current_referrals
    where referral_type = 'HSB'
        and quarter = any($quarters::varchar[])
    group by all
),

known_school as (
    select quarter, urn, any_value(nullif(phase, 'unknown')) as phase,
        any_value(nullif(school_type, 'not mapped')) as school_type
    from school
    where quarter = any($quarters::varchar[])
    group by quarter, urn
),

placed as (
    select r.quarter, r.borough_code, r.source, r.outcome, r.referrals,
        coalesce(k.phase, 'not known') as phase,
        coalesce(k.school_type, 'not known') as school_type
    from referred as r
    left join known_school as k
        on r.quarter = k.quarter
        and r.urn = k.urn
),

part as (
    select quarter, borough_code,
        case
            when grouping(source) = 0 then 'source'
            when grouping(outcome) = 0 then 'outcome'
            when grouping(phase) = 0 then 'phase'
            else 'school type'
        end as breakdown,
        coalesce(source, outcome, phase, school_type) as category, sum(referrals) as value
    from placed
    group by grouping sets (
        (quarter, borough_code, source), (quarter, borough_code, outcome),
        (quarter, borough_code, phase), (quarter, borough_code, school_type)
    )
    having sum(referrals) > 0
),

total as (
    select c.quarter, c.borough_code, 'total' as breakdown, 'all' as category,
        coalesce(sum(r.referrals), 0) as value
    from submission_status as c
    left join referred as r
        on c.quarter = r.quarter
        and c.borough_code = r.borough_code
    where c.extract = 'referrals'
        and c.quarter = any($quarters::varchar[])
    group by c.quarter, c.borough_code
)

select quarter, borough_code, breakdown, category, value::bigint as value
from total
union all
select quarter, borough_code, breakdown, category, value::bigint as value
from part
