-- Every establishment of a register that stands, with the register's date.
-- grain: one row per register and establishment
create or replace view current_register as
select s.*, n.as_at as register_date, c.quarter as register_quarter
from submission_status as c
inner join submission as n on c.submission_id = n.submission_id
inner join schools as s
    on c.submission_id = s.submission_id
    and c.borough_code = s.borough_code
where c.extract = 'schools';

-- The newest row of each URN in any register that stands: what uploads are checked against.
-- grain: one row per URN
create or replace view known_school as
select urn, arg_max(borough_code, register_date) as borough_code,
    arg_max(school_name, register_date) as school_name,
    arg_max(status, register_date) as status,
    arg_max(close_date, register_date) as close_date,
    max(register_date) as register_date
from current_register
group by urn;
