-- The number of referrals of a borough is not far from that of the quarter before.
-- grain: one row per quarter and borough that moved by more than the factor
-- extracts: referrals
-- needs: every row
-- severity: warning
-- factor: 3
-- message: {value}
-- tells: exact
-- quietly: the referrals of {borough} are far from those of the quarter before
-- fix: Check that the file holds the whole quarter and nothing twice; it may be right.
-- $factor: by how much a number may grow or shrink, from the header
with coming as (
    select quarter, borough_code, sum(referrals) as referrals, min(row_no) as row_no
    from submitted
    group by quarter, borough_code
),

before as (
    select c.quarter, c.borough_code, s.quarter as quarter_before
    from coming as c
    asof inner join (
        select quarter, borough_code
        from submission_status
        where extract = 'referrals'
    ) as s
        on c.borough_code = s.borough_code
        and c.quarter > s.quarter
),

compared as (
    select c.quarter, c.borough_code, c.row_no, c.referrals, b.quarter_before,
        sum(r.referrals) as referrals_before
    from coming as c
    inner join before as b on c.quarter = b.quarter and c.borough_code = b.borough_code
    inner join current_referrals as r
        on b.quarter_before = r.quarter
        and b.borough_code = r.borough_code
    group by c.quarter, c.borough_code, c.row_no, c.referrals, b.quarter_before
)

select c.row_no, 'referrals' as "column",
    b.borough || ' has ' || c.referrals || ' referrals in ' || c.quarter || ', after '
    || c.referrals_before || ' in ' || c.quarter_before as value
from compared as c
inner join borough as b on c.borough_code = b.borough_code
where greatest(c.referrals, c.referrals_before) >= 10
    and (
        c.referrals > c.referrals_before * $factor::double
        or c.referrals * $factor::double < c.referrals_before
    )
order by c.row_no
