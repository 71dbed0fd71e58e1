-- The number of a LADO's contacts is not far from that of the quarter before.
-- grain: one row per quarter and borough that moved by more than the factor
-- extracts: lado
-- needs: every row
-- severity: warning
-- factor: 5
-- message: {value}
-- tells: exact
-- quietly: the contacts of {borough} are far from those of the quarter before
-- fix: Check that the file holds the whole quarter and that quarter alone; it may be right.
-- $factor: by how much a number may grow or shrink, from the header
with before as (
    select c.row_no, c.quarter, c.borough_code, c.contacts_education,
        s.quarter as quarter_before, s.contacts_education as contacts_before
    from submitted as c
    asof inner join current_lado as s
        on c.borough_code = s.borough_code
        and c.quarter > s.quarter
)

select m.row_no, 'contacts_education' as "column",
    b.borough || ' has ' || m.contacts_education || ' contacts in ' || m.quarter || ', after '
    || m.contacts_before || ' in ' || m.quarter_before as value
from before as m
inner join borough as b on m.borough_code = b.borough_code
where greatest(m.contacts_education, m.contacts_before) >= 10
    and (
        m.contacts_education > m.contacts_before * $factor::double
        or m.contacts_education * $factor::double < m.contacts_before
    )
order by m.row_no
