-- The schools that answered the last time are in the upload again.
-- grain: one row per quarter and borough from which schools are absent
-- extracts: training, police_engagement
-- mode: replace
-- needs: every row
-- severity: warning
-- message: {value}
-- fix: Check that no school was left out; until it answers again its last answer stands.
-- $extract: the extract of the upload
with coming as (
    select u.quarter, k.borough_code, u.urn, min(u.row_no) as row_no
    from submitted as u
    inner join known_school as k on u.urn = k.urn
    group by u.quarter, k.borough_code, u.urn
),

place as (
    select quarter, borough_code, min(row_no) as row_no
    from coming
    group by quarter, borough_code
),

answered as (
    select a.quarter, k.borough_code, a.urn
    from school_answer as a
    inner join known_school as k on a.urn = k.urn
    where a.extract = $extract
),

last_time as (
    select p.quarter, p.borough_code, p.row_no, max(a.quarter) as quarter_before
    from place as p
    inner join answered as a
        on p.borough_code = a.borough_code
        and p.quarter > a.quarter
    group by p.quarter, p.borough_code, p.row_no
),

absent as (
    select l.quarter, l.borough_code, l.row_no, l.quarter_before,
        list_sort(list(distinct a.urn)) as urns
    from last_time as l
    inner join answered as a
        on l.borough_code = a.borough_code
        and l.quarter_before = a.quarter
    anti join coming as c
        on l.quarter = c.quarter
        and a.urn = c.urn
    group by l.quarter, l.borough_code, l.row_no, l.quarter_before
)

select s.row_no, 'urn' as "column",
    len(s.urns) || ' schools of ' || b.borough || ' that answered in ' || s.quarter_before
    || ' are absent in ' || s.quarter || ': URN ' || array_to_string(s.urns[1:10], ', ')
    || case when len(s.urns) > 10 then ' and others' else '' end as value
from absent as s
inner join borough as b on s.borough_code = b.borough_code
order by s.row_no
