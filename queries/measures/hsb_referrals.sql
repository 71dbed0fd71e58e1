-- How many referrals of type HSB did each borough accept, and of which source, outcome, phase and
-- type of school? The school is the one that made the referral, else the one that the child
-- attends; phase and type are "not known" where neither is in the quarter's register.
-- grain: one row per quarter and borough that submitted, breakdown and category of more than 0
-- $quarters (list): calendar quarters
with known_school as (
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
    from current_referrals as r
    left join known_school as k
        on r.quarter = k.quarter
        and coalesce(r.urn, r.urn_attended) = k.urn
    where r.referral_type = 'HSB'
        and r.quarter = any($quarters::varchar[])
),

summed as (
    select quarter, borough_code,
        case
            when grouping(source) = 0 then 'source'
            when grouping(outcome) = 0 then 'outcome'
            when grouping(phase) = 0 then 'phase'
            when grouping(school_type) = 0 then 'school type'
            else 'total'
        end as breakdown,
        coalesce(source, outcome, phase, school_type, 'all') as category, sum(referrals) as value
    from placed
    group by grouping sets (
        (quarter, borough_code), (quarter, borough_code, source),
        (quarter, borough_code, outcome), (quarter, borough_code, phase),
        (quarter, borough_code, school_type)
    )
)

select quarter, borough_code, breakdown, category, value::bigint as value
from summed
where breakdown <> 'total'
    and value > 0
union all
select c.quarter, c.borough_code, 'total' as breakdown, 'all' as category,
    coalesce(s.value, 0)::bigint as value
from submission_status as c
left join summed as s
    on c.quarter = s.quarter
    and c.borough_code = s.borough_code
    and s.breakdown = 'total'
where c.extract = 'referrals'
    and c.quarter = any($quarters::varchar[])
