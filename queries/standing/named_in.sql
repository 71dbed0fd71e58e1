-- In which boroughs lie the schools that an extract has rows of, for these quarters and boroughs,
-- and those that follow them?
-- A row may name a school that the register has in another borough. Rows that no longer stand are
-- among them: what they said goes.
-- grain: one row per borough
-- $extract: the extract
-- $pairs (list): "quarter borough"
with named as (
    select 'training' as extract, quarter, borough_code, urn
    from training
    union all
    select 'police_engagement' as extract, quarter, borough_code, urn
    from police_engagement
    union all
    select 'school_safeguarding' as extract, quarter, borough_code, urn
    from school_safeguarding
),

touched as (
    select distinct urn
    from named
    where extract = $extract
        and quarter || ' ' || borough_code = any($pairs::varchar[])
),

reached as (
    select urn
    from touched
    union
    select p.urn
    from school_predecessor as p
    inner join touched as t on p.predecessor_urn = t.urn
)

select distinct s.borough_code
from reached as n
inner join school as s on n.urn = s.urn
order by s.borough_code
