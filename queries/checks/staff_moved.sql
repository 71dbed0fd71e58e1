-- The staff in scope of a borough's courses are not far from those of the quarter before.
-- grain: one row per quarter, borough and course that moved by more than the factor
-- extracts: training
-- needs: every row
-- severity: warning
-- factor: 3
-- message: {value}
-- fix: Check that the file holds all schools and agencies of the borough, and none twice; it may be right.
-- $factor: by how much a number may grow or shrink, from the header
with coming as (
    select quarter, borough_code, course, sum(staff_in_scope) as staff, min(row_no) as row_no
    from submitted
    group by quarter, borough_code, course
),

held as (
    select t.quarter, t.borough_code, t.course, sum(t.staff_in_scope) as staff
    from training as t
    inner join submission_status as c
        on t.submission_id = c.submission_id
        and t.quarter = c.quarter
        and t.borough_code = c.borough_code
    where c.extract = 'training'
    group by t.quarter, t.borough_code, t.course
),

before as (
    select c.row_no, c.quarter, c.borough_code, c.course, c.staff,
        h.quarter as quarter_before, h.staff as staff_before
    from coming as c
    asof inner join held as h
        on c.borough_code = h.borough_code
        and c.course = h.course
        and c.quarter > h.quarter
)

select m.row_no, 'staff_in_scope' as "column",
    b.borough || ' has ' || m.staff || ' staff in scope of ' || m.course || ' in ' || m.quarter
    || ', after ' || m.staff_before || ' in ' || m.quarter_before as value
from before as m
inner join borough as b on m.borough_code = b.borough_code
where greatest(m.staff, m.staff_before) >= 30
    and (m.staff > m.staff_before * $factor::double or m.staff * $factor::double < m.staff_before)
order by m.row_no
