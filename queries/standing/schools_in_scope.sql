-- Which schools are in scope in each quarter? The register is the latest-dated one up to the
-- quarter's end, or the earliest where none is so early. In scope: open at the quarter's end
-- by OpenDate and CloseDate (the status decides where a date is blank), of a type in scope.
-- Where the register gives no phase it is derived from the ages: up to 5 nursery; from 16 on
-- 16 plus; up to 13 primary; from 10 on secondary; else all-through. Reversed ages derive nothing.
-- grain: one row per quarter and school in scope
-- $quarters (list): calendar quarters
-- $boroughs (list): GSS codes
with asked as (
    select q.quarter, q.ends, b.borough_code
    from quarter as q
    cross join borough as b
    where q.quarter = any($quarters::varchar[])
        and b.borough_code = any($boroughs::varchar[])
),

register as (
    select distinct borough_code, submission_id, register_date
    from current_register
),

register_of_quarter as (
    select a.quarter, a.ends, a.borough_code,
        coalesce(
            max(r.register_date) filter (where r.register_date <= a.ends),
            min(r.register_date)
        ) as register_date
    from asked as a
    inner join register as r on a.borough_code = r.borough_code
    group by a.quarter, a.ends, a.borough_code
),

establishment as (
    select o.quarter, o.ends, r.*,
        lower(regexp_replace(r.type_of_establishment, '[^A-Za-z0-9]', '', 'g')) as type_key,
        lower(regexp_replace(r.phase_of_education, '[^A-Za-z0-9]', '', 'g')) as phase_key
    from register_of_quarter as o
    inner join current_register as r
        on o.borough_code = r.borough_code
        and o.register_date = r.register_date
),

open_at_end as (
    select *
    from establishment
    where coalesce(open_date <= ends, status <> 'Proposed to open')
        and coalesce(close_date > ends, status <> 'Closed')
),

typed as (
    select e.*, coalesce(t.school_type, 'not mapped') as school_type, p.phase
    from open_at_end as e
    left join school_type as t on e.type_key = t.type_of_establishment
    left join phase as p on e.phase_key = p.phase_of_education
    where coalesce(t.in_scope, true)
),

phased as (
    select *,
        case
            when low_age > high_age then null
            when high_age <= 5 then 'nursery'
            when low_age >= 16 then '16 plus'
            when high_age <= 13 then 'primary'
            when low_age >= 10 and high_age is not null then 'secondary'
            when low_age is not null and high_age is not null then 'all-through'
        end as phase_by_age
    from typed
)

select quarter, urn, school_name, borough_code, school_type,
    coalesce(phase, phase_by_age, 'unknown') as phase,
    case
        when phase is not null then 'register'
        when phase_by_age is not null then 'derived from ages'
        else 'unknown'
    end as phase_source,
    low_age, high_age, pupils, gender, religious_character, trust_code, trust_name,
    federation_code, federation_name, status, lon, lat, register_date,
    submission_id as register_submission
from phased
