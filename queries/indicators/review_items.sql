-- title: Review items done
-- question: Which share of the items of the partnership review is done?
-- letter: 19
-- grain: one row per quarter and area
-- numerator: items of the review that are done
-- denominator: items of the review that the borough reported a status of
-- gap: review items not done
-- unit: %
-- period: as last reported
-- polarity: higher is better
-- applies_to: boroughs that reported any item
-- extracts: partnership_review
-- owner: partnership
-- closes: The partnership completes the item and reports it as done, with its month.
-- weight: 0
-- map: Items done
-- classes: 90 = 90% or more; 80 = 80–89%; 65 = 65–79%; 50 = 50–64%; 0 = under 50%
-- $quarters (list): calendar quarters
with summed as (
    select r.quarter, a.level, a.area_code, count(*) filter (where r.status = 'done') as numerator,
        count(*) as denominator, count(distinct r.borough_code) as boroughs
    from review_item as r
    inner join area_borough as a on r.borough_code = a.borough_code
    where r.quarter = any($quarters::varchar[])
    group by r.quarter, a.level, a.area_code
)

select q.quarter, a.level, a.area_code, s.numerator, s.denominator,
    100.0 * s.numerator / nullif(s.denominator, 0) as value, null::double as low,
    null::double as high, null::varchar as marker,
    case when s.quarter is null then 'not_submitted' end as reason,
    coalesce(s.boroughs, 0)::integer as areas_submitted, a.areas
from quarter as q
cross join area as a
left join summed as s
    on q.quarter = s.quarter
    and a.level = s.level
    and a.area_code = s.area_code
where q.quarter = any($quarters::varchar[])
