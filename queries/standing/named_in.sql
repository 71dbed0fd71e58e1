-- In which boroughs lie the schools that an extract has rows of, for these quarters and boroughs?
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
)

select distinct s.borough_code
from named as n
inner join school as s on n.urn = s.urn
where n.extract = $extract
    and n.quarter || ' ' || n.borough_code = any($pairs::varchar[])
order by s.borough_code
