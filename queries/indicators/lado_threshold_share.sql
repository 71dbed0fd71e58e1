-- title: LADO contacts that met the threshold
-- question: Which share of the LADO contacts about staff in education met the threshold?
-- letter: 8
-- grain: one row per quarter and area
-- numerator: contacts about staff in education that met the threshold
-- denominator: contacts about staff in education
-- gap: none; it has no polarity
-- unit: %
-- period: quarter
-- polarity: none
-- applies_to: boroughs that submitted at least 20 contacts, or as many as their partnership sets
-- extracts: lado
-- owner: council
-- closes: Nothing: it tells how the LADO's contacts divide.
-- weight: 0
-- note: It follows the employer's address and is about adults: not child-on-child harm.
-- map: Met the threshold
-- classes: 0 = under 20%; 20 = 20–39%; 40 = 40–59%; 60 = 60–79%; 80 = 80% or more
-- $quarters (list): calendar quarters
with cell as (
    select f.quarter, f.level, f.area_code, f.measure, f.value, f.marker, f.areas_submitted,
        -- A rounded number may stand for one that is less: the guard takes the least it can be.
        f.value - coalesce(r.base // 2, 0) as least
    from figure as f
    left join release as r on f.release_id = r.release_id
    where f.measure in ('lado_contacts', 'lado_threshold_met')
        and f.quarter = any($quarters::varchar[])
        and f.breakdown = 'total'
),

-- In an area of several partnerships the most cautious of their settings holds.
guard as (
    select a.level, a.area_code, max(s.value) as shown_from
    from area_borough as a
    inner join borough_setting as s on a.borough_code = s.borough_code
    where s.setting = 'lado_contacts_shown_from'
    group by a.level, a.area_code
),

summed as (
    select quarter, level, area_code, max(areas_submitted) as areas_submitted,
        max(value) filter (where measure = 'lado_contacts') as denominator,
        max(least) filter (where measure = 'lado_contacts') as least,
        max(value) filter (where measure = 'lado_threshold_met') as numerator,
        bool_or(marker is not null and measure = 'lado_contacts') as has_few_contacts,
        bool_or(marker is not null) as has_withheld
    from cell
    group by quarter, level, area_code
),

share as (
    select s.quarter, s.level, s.area_code, s.areas_submitted, s.denominator, s.numerator,
        s.has_withheld,
        s.has_few_contacts or (s.denominator > 0 and s.least < g.shown_from) as is_too_few
    from summed as s
    inner join guard as g
        on s.level = g.level
        and s.area_code = g.area_code
)

select q.quarter, a.level, a.area_code,
    case when not s.is_too_few then s.numerator end as numerator, s.denominator,
    case when not s.is_too_few then 100.0 * s.numerator / nullif(s.denominator, 0) end as value,
    case when not s.is_too_few then 100.0 * wilson_low(s.numerator, s.denominator) end as low,
    case when not s.is_too_few then 100.0 * wilson_high(s.numerator, s.denominator) end as high,
    case when not s.is_too_few and s.has_withheld then 'c' end as marker,
    case
        when s.quarter is null then 'not_submitted'
        when s.is_too_few then 'too_few'
        when s.denominator = 0 then 'no_denominator'
    end as reason,
    coalesce(s.areas_submitted, 0) as areas_submitted, a.areas
from quarter as q
cross join area as a
left join share as s
    on q.quarter = s.quarter
    and a.level = s.level
    and a.area_code = s.area_code
where q.quarter = any($quarters::varchar[])
