-- title: Education share of HSB referrals
-- question: Which share of the accepted referrals of harmful sexual behaviour came from schools and education services?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: accepted referrals of type HSB of source 2A (schools) or 2B (education services)
-- denominator: accepted referrals of type HSB
-- gap: none; it has no polarity
-- unit: %
-- period: quarter
-- polarity: none
-- applies_to: boroughs that submitted at least one
-- extracts: referrals
-- owner: council
-- closes: Nothing: a low share is a reason to ask schools how they refer.
-- weight: 0
-- note: It is what was passed on, not how much harm occurred; higher can mean more trust.
-- map: From education
-- classes: 0 = under 20%; 20 = 20–39%; 40 = 40–59%; 60 = 60–79%; 80 = 80% or more
-- $quarters (list): calendar quarters
with cell as (
    select quarter, level, area_code, breakdown, value, marker, areas_submitted
    from figure
    where measure = 'hsb_referrals'
        and quarter = any($quarters::varchar[])
        and (breakdown = 'total' or (breakdown = 'source' and category in ('2A', '2B')))
),

summed as (
    select quarter, level, area_code,
        max(areas_submitted) as areas_submitted,
        max(value) filter (where breakdown = 'total') as denominator,
        coalesce(sum(value) filter (where breakdown = 'source'), 0) as parts,
        bool_or(marker is not null) as is_withheld
    from cell
    group by quarter, level, area_code
),

-- Parts that are rounded up may come to more than their total.
share as (
    select *, least(parts, denominator)::bigint as numerator
    from summed
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
