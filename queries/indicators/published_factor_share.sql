-- title: Published factor: child-on-child sexual abuse
-- question: In which share of assessments does the published series name child-on-child sexual abuse as a factor?
-- letter: 12
-- grain: one row per quarter and area
-- numerator: assessments with child-on-child sexual abuse as a factor
-- denominator: assessments with any factor
-- gap: none; it has no polarity
-- unit: %
-- period: the latest year to 31 March that had ended
-- polarity: none
-- applies_to: authorities with published numbers; symbols stand as they were published
-- extracts: cin_factors
-- owner: council
-- closes: Nothing: it is the public series beside local reporting.
-- weight: 0
-- note: A published 0 can be recording practice. c is confidential, x not available, z not applicable, u unreliable; low rounds to 0.
-- map: Of assessments
-- classes: 0 = under 1%; 1 = 1.0–1.9%; 2 = 2.0–2.9%; 3 = 3.0–3.9%; 4 = 4% or more
-- decimals: 1
-- $quarters (list): calendar quarters
with numbered as (
    select f.quarter, a.level, a.area_code, f.assessments, f.child_on_child,
        coalesce(f.child_on_child_symbol, f.assessments_symbol) as symbol,
        f.assessments is not null and f.child_on_child is not null as has_numbers
    from standing_factor as f
    inner join area_borough as a on f.borough_code = a.borough_code
    where f.quarter = any($quarters::varchar[])
),

summed as (
    select quarter, level, area_code,
        (sum(child_on_child) filter (where has_numbers))::bigint as numerator,
        (sum(assessments) filter (where has_numbers))::bigint as denominator,
        min(symbol) filter (where not has_numbers) as symbol,
        count(*) filter (where has_numbers) as boroughs
    from numbered
    group by quarter, level, area_code
)

select q.quarter, a.level, a.area_code, s.numerator, s.denominator,
    100.0 * s.numerator / nullif(s.denominator, 0) as value,
    100.0 * wilson_low(s.numerator, s.denominator) as low,
    100.0 * wilson_high(s.numerator, s.denominator) as high,
    case when s.boroughs = 0 then s.symbol end as marker,
    case
        when s.quarter is null then 'not_submitted'
        when s.denominator = 0 or (s.boroughs = 0 and s.symbol is null) then 'no_denominator'
    end as reason,
    coalesce(s.boroughs, 0)::integer as areas_submitted, a.areas
from quarter as q
cross join area as a
left join summed as s
    on q.quarter = s.quarter
    and a.level = s.level
    and a.area_code = s.area_code
where q.quarter = any($quarters::varchar[])
