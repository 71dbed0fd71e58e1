-- title: No further action
-- question: Which share of the accepted referrals of harmful sexual behaviour that are decided ended in no further action?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: accepted referrals of type HSB whose outcome is NFA
-- denominator: accepted referrals of type HSB less those not yet decided
-- gap: none; it has no polarity
-- unit: %
-- period: quarter
-- polarity: none
-- applies_to: boroughs that submitted at least one that is decided
-- extracts: referrals
-- owner: council
-- closes: Nothing: outcomes are the furthest at the date of the extract, and provisional for two quarters.
-- weight: 0
-- note: It is what was passed on, not how much harm occurred; higher can mean more trust.
-- map: No further action
-- classes: 0 = under 20%; 20 = 20–39%; 40 = 40–59%; 60 = 60–79%; 80 = 80% or more
-- $quarters (list): calendar quarters
with cell as (
    select quarter, level, area_code, breakdown, category, value, marker, areas_submitted,
        release_id = 'exact' as is_exact
    from figure
    where measure = 'hsb_referrals'
        and quarter = any($quarters::varchar[])
        and (
            breakdown = 'total'
            or (breakdown = 'outcome' and category in ('NFA', 'not yet decided'))
        )
),

summed as (
    select quarter, level, area_code, bool_and(is_exact) as is_exact,
        max(areas_submitted) as areas_submitted,
        max(value) filter (where breakdown = 'total') as total,
        coalesce(max(value) filter (where category = 'not yet decided'), 0) as undecided,
        coalesce(max(value) filter (where category = 'NFA'), 0) as nfa,
        bool_or(marker is not null) as has_withheld
    from cell
    group by quarter, level, area_code
),

-- What is left of two rounded numbers may be a count that is withheld: up to 9 when it shows as 5.
share as (
    select quarter, level, area_code, areas_submitted,
        case when not has_withheld then greatest(total - undecided, 0) end as denominator,
        least(nfa, greatest(total - undecided, 0)) as numerator,
        has_withheld or (not is_exact and undecided > 0 and total - undecided <= 5) as is_withheld
    from summed
)

select q.quarter, a.level, a.area_code,
    case when not s.is_withheld then s.numerator end as numerator,
    case when not s.is_withheld then s.denominator end as denominator,
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
