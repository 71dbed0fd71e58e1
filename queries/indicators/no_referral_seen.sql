-- title: No referral seen
-- question: In how many secondary-age schools was no referral seen in four quarters, though children's answers or a testimony speak of harassment?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: secondary-age schools with no referral that they made or whose pupils it was about in four quarters, and with a prevalence in the top quartile (of schools with at least 30 valid answers of children) or a testimony
-- denominator: secondary-age schools in boroughs of which it is known
-- gap: none; it has no polarity
-- unit: schools
-- period: four quarters to the end of the quarter
-- polarity: none
-- applies_to: boroughs that, with all that adjoin them, submitted four quarters, and whose referrals from schools name the school in at least 80%
-- extracts: referrals, perception_survey, testimonies, schools, school_links
-- owner: partnership
-- closes: The partnership talks with the school about what its pupils say and how it refers.
-- weight: 0
-- note: A reason to talk, not a finding.
-- map: Schools
-- classes: 0 = 0; 5 = 5; 10 = 10; 15 = 15; 20 = 20 or more
-- $quarters (list): calendar quarters
with cell as (
    select quarter, level, area_code,
        bool_or(measure = 'no_referral_seen') as is_known,
        max(value) filter (where measure = 'no_referral_seen') as numerator,
        max(value) filter (where measure = 'no_referral_seen_known') as denominator,
        max(value) filter (where measure = 'no_referral_seen_unknown') as unknown,
        bool_or(marker is not null and measure = 'no_referral_seen') as is_withheld,
        max(areas_submitted) filter (where measure = 'no_referral_seen') as areas_submitted
    from figure
    where measure in (
        'no_referral_seen', 'no_referral_seen_known', 'no_referral_seen_unknown'
    )
        and breakdown = 'total'
        and quarter = any($quarters::varchar[])
    group by quarter, level, area_code
),

submitted as (
    select q.quarter, s.borough_code
    from quarter as q
    inner join quarter as w on w.starts between q.starts - interval 9 month and q.starts
    inner join submission_status as s on w.quarter = s.quarter
    where s.extract = 'referrals'
        and q.quarter = any($quarters::varchar[])
    group by q.quarter, s.borough_code
    having count(*) = 4
),

around as (
    select borough_code, borough_code as other_code
    from borough
    union all
    select borough_code, adjoining_borough_code as other_code
    from adjoining
),

-- How many boroughs of an area have all four quarters of their own and of those around them.
complete_borough as (
    select s.quarter, n.borough_code
    from around as n
    inner join submitted as s on n.other_code = s.borough_code
    group by s.quarter, n.borough_code
    having count(*) = (select count(*) from around as m where m.borough_code = n.borough_code)
),

complete as (
    select c.quarter, a.level, a.area_code, count(*) as boroughs
    from complete_borough as c
    inner join area_borough as a on c.borough_code = a.borough_code
    group by c.quarter, a.level, a.area_code
)

select q.quarter, a.level, a.area_code, c.numerator, c.denominator, c.numerator::double as value,
    null::double as low, null::double as high, case when c.is_withheld then 'c' end as marker,
    case
        when c.is_known then null
        when m.boroughs is null then 'not_submitted'
        when c.quarter is null or c.unknown = 0 then 'no_denominator'
        else 'few_with_urn'
    end as reason,
    coalesce(c.areas_submitted, 0) as areas_submitted, a.areas
from quarter as q
cross join area as a
left join cell as c
    on q.quarter = c.quarter
    and a.level = c.level
    and a.area_code = c.area_code
left join complete as m
    on q.quarter = m.quarter
    and a.level = m.level
    and a.area_code = m.area_code
where q.quarter = any($quarters::varchar[])
