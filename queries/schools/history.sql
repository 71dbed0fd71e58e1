-- How did a school stand on each indicator in every quarter, under an earlier URN too?
-- A school that follows another one to one goes on where its predecessor ends: a quarter that both
-- are in belongs to the younger URN (`generation` 0 is the school itself).
-- grain: one row per indicator and quarter
-- $urn: the school
with line as (
    select $urn::integer as urn, 0 as generation
    union all
    select predecessor_urn as urn, generation
    from school_predecessor
    where urn = $urn::integer
),

kept as (
    select s.quarter, s.borough_code, s.urn, s.school_name, l.generation
    from school as s
    inner join line as l on s.urn = l.urn
    qualify row_number() over (partition by s.quarter order by l.generation) = 1
)

select i.indicator, i.quarter, i.state, i.reason, i.evidence, i.evidence_quarter, i.evidence_urn,
    k.urn, k.generation, k.school_name
from kept as k
inner join indicator_state as i
    on k.quarter = i.quarter
    and k.borough_code = i.borough_code
    and k.urn = i.urn
order by i.indicator, i.quarter
