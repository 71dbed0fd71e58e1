-- Which establishments of the register are open in each quarter and count nowhere, since their type
-- is outside the scope of the partnerships' work: universities, online providers and their like?
-- grain: one row per quarter, borough and type of establishment with any
with register as (
    select distinct quarter, borough_code, register_submission
    from school
),

typed as (
    select submission_id, borough_code, type_of_establishment, open_date, close_date, status,
        lower(regexp_replace(type_of_establishment, '[^A-Za-z0-9]', '', 'g')) as type_key
    from current_register
)

select o.quarter, o.borough_code, r.type_of_establishment, count(*)::integer as establishments
from register as o
inner join quarter as q on o.quarter = q.quarter
inner join typed as r
    on o.borough_code = r.borough_code
    and o.register_submission = r.submission_id
inner join school_type as t on r.type_key = t.type_of_establishment
where not t.in_scope
    and coalesce(r.open_date <= q.ends, r.status <> 'Proposed to open')
    and coalesce(r.close_date > q.ends, r.status <> 'Closed')
group by o.quarter, o.borough_code, r.type_of_establishment
