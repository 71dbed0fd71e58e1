-- The residents of a borough are not far from those of the year before.
-- grain: one row per year and borough that moved by more than the factor
-- extracts: population
-- needs: every row
-- severity: warning
-- factor: 1.2
-- message: {value}
-- fix: Check that the file holds this age group alone, in persons and not in thousands; it may be right.
-- $factor: by how much a number may grow or shrink, from the header
with held as (
    select p.borough_code, p.age_group, p.year, p.residents
    from population as p
    inner join submission_status as c
        on p.submission_id = c.submission_id
        and p.borough_code = c.borough_code
    where c.extract = 'population'
),

before as (
    select c.row_no, c.borough_code, c.year, c.residents,
        h.year as year_before, h.residents as residents_before
    from submitted as c
    asof inner join held as h
        on c.borough_code = h.borough_code
        and c.age_group = h.age_group
        and c.year > h.year
)

select m.row_no, 'residents' as "column",
    b.borough || ' has ' || m.residents || ' residents in ' || m.year || ', after '
    || m.residents_before || ' in ' || m.year_before as value
from before as m
inner join borough as b on m.borough_code = b.borough_code
where m.residents > m.residents_before * $factor::double
    or m.residents * $factor::double < m.residents_before
order by m.row_no
