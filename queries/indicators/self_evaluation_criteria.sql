-- title: Self-evaluation criteria met
-- question: Which share of the criteria of the self-evaluation that apply do schools meet?
-- letter: 3
-- grain: one row per quarter and area
-- numerator: criteria that schools say they meet
-- denominator: criteria that apply, of the schools that gave both numbers
-- gap: self-evaluation criteria not met
-- unit: %
-- period: the return that stands, at most 12 months old
-- polarity: higher is better
-- applies_to: boroughs in which any school gave both numbers
-- extracts: school_safeguarding, schools, school_links
-- owner: school
-- closes: The school meets the criteria that it found not met, with the partnership's support, and returns its next self-evaluation.
-- weight: 0
-- note: Schools judge themselves.
-- map: Criteria met
-- classes: 90 = 90% or more; 80 = 80–89%; 65 = 65–79%; 50 = 50–64%; 0 = under 50%
-- $quarters (list): calendar quarters
with summed as (
    select e.quarter, a.level, a.area_code, sum(e.criteria_met)::bigint as numerator,
        sum(e.criteria_applicable)::bigint as denominator, count(*)::integer as boroughs
    from self_evaluation as e
    inner join area_borough as a on e.borough_code = a.borough_code
    where e.quarter = any($quarters::varchar[])
    group by e.quarter, a.level, a.area_code
)

select q.quarter, a.level, a.area_code, s.numerator, s.denominator,
    100.0 * s.numerator / nullif(s.denominator, 0) as value, null::double as low,
    null::double as high, null::varchar as marker,
    case
        when s.quarter is null then 'not_submitted'
        when s.denominator = 0 then 'no_denominator'
    end as reason,
    coalesce(s.boroughs, 0) as areas_submitted, a.areas
from quarter as q
cross join area as a
left join summed as s
    on q.quarter = s.quarter
    and a.level = s.level
    and a.area_code = s.area_code
where q.quarter = any($quarters::varchar[])
