-- The open schools of a borough in a register are not far fewer or more than in the newest held.
-- grain: one row per borough that moved by more than the factor
-- extracts: schools
-- needs: every row
-- severity: warning
-- factor: 1.25
-- message: {value}
-- fix: Check that the whole register was downloaded, and not a part of it; it may be right.
-- $factor: by how much a number may grow or shrink, from the header
with coming as (
    select borough_code, count(*) as schools, min(row_no) as row_no
    from submitted
    where status in ('Open', 'Open, but proposed to close')
    group by borough_code
),

newest as (
    select c.borough_code, max(n.as_at) as register_date,
        arg_max(c.submission_id, n.as_at) as submission_id
    from submission_status as c
    inner join submission as n on c.submission_id = n.submission_id
    where c.extract = 'schools'
    group by c.borough_code
),

held as (
    select n.borough_code, n.register_date, count(*) as schools
    from newest as n
    inner join schools as s
        on n.submission_id = s.submission_id
        and n.borough_code = s.borough_code
    where s.status in ('Open', 'Open, but proposed to close')
    group by n.borough_code, n.register_date
)

select c.row_no, 'borough_code' as "column",
    b.borough || ' has ' || c.schools || ' open schools here, and ' || h.schools
    || ' in the register of ' || strftime(h.register_date, '%-d %B %Y') as value
from coming as c
inner join held as h on c.borough_code = h.borough_code
inner join borough as b on c.borough_code = b.borough_code
where greatest(c.schools, h.schools) >= 20
    and (
        c.schools > h.schools * $factor::double
        or c.schools * $factor::double < h.schools
    )
order by c.row_no
