-- title: Referrals that name the school
-- question: Which share of the referrals that schools made names the school?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: accepted referrals of both types of source 2A with a URN
-- denominator: accepted referrals of both types of source 2A
-- gap: referrals do not name the school
-- unit: %
-- period: quarter
-- polarity: higher is better
-- applies_to: boroughs that submitted at least one of source 2A
-- extracts: referrals
-- owner: council
-- closes: The council's performance team returns the school's URN with each referral that a school made.
-- weight: 0
-- note: Under 80% of four quarters nothing is said about schools where no referral was seen.
-- map: Name the school
-- classes: 90 = 90% or more; 80 = 80–89%; 65 = 65–79%; 50 = 50–64%; 0 = under 50%
-- $quarters (list): calendar quarters
with cell as (
    select quarter, level, area_code, measure, value, marker, areas_submitted
    from figure
    where measure in ('referrals_from_education', 'referrals_from_education_with_urn')
        and quarter = any($quarters::varchar[])
        and breakdown = 'total'
),

share as (
    select quarter, level, area_code, max(areas_submitted) as areas_submitted,
        max(value) filter (where measure = 'referrals_from_education') as denominator,
        max(value) filter (where measure = 'referrals_from_education_with_urn') as numerator,
        bool_or(marker is not null) as is_withheld
    from cell
    group by quarter, level, area_code
)

select q.quarter, a.level, a.area_code,
    case when not s.is_withheld then s.numerator end as numerator,
    s.denominator,
    case when not s.is_withheld then 100.0 * s.numerator / nullif(s.denominator, 0) end as value,
    case when not s.is_withheld then 100.0 * wilson_low(s.numerator, s.denominator) end as low,
    case when not s.is_withheld then 100.0 * wilson_high(s.numerator, s.denominator) end as high,
    case when s.is_withheld then 'c' end as marker,
    case
        when s.quarter is null then 'not_submitted'
        when not s.is_withheld and s.denominator = 0 then 'no_denominator'
    end as reason,
    coalesce(s.areas_submitted, 0) as areas_submitted, a.areas
from quarter as q
cross join area as a
left join share as s
    on q.quarter = s.quarter
    and a.level = s.level
    and a.area_code = s.area_code
where q.quarter = any($quarters::varchar[])
