-- Which schools does a school follow one to one, however many times it changed its URN?
-- The newest links of each borough count. A link is told from either end, or from both: the register
-- says "Predecessor" of the older school and "Successor" of the newer one. A school follows another
-- where each has no other predecessor and successor: so not where the link, or one beside it, is
-- "- merged", "- amalgamated" or "- Split School". "Merged - …" and "Result of Amalgamation" do not
-- tell which school is the older, and are taken both ways. Schools that follow each other in a
-- circle follow nobody.
-- grain: one row per school and predecessor
with recursive newest as (
    select borough_code, max(quarter) as quarter
    from submission_status
    where extract = 'school_links'
    group by borough_code
),

link as (
    select l.urn, l.link_urn, l.link_established_date as since,
        lower(trim(l.link_type)) as link_type
    from newest as n
    inner join submission_status as c
        on n.borough_code = c.borough_code
        and n.quarter = c.quarter
    inner join school_links as l
        on c.submission_id = l.submission_id
        and c.borough_code = l.borough_code
    where c.extract = 'school_links'
        and l.urn <> l.link_urn
),

told as (
    select urn, link_urn as predecessor_urn, since, link_type = 'predecessor' as is_plain
    from link
    where link_type not like 'successor%'
        and regexp_matches(link_type, '^predecessor|merge|amalgam|split')
    union all
    select link_urn as urn, urn as predecessor_urn, since, link_type = 'successor' as is_plain
    from link
    where link_type not like 'predecessor%'
        and regexp_matches(link_type, '^successor|merge|amalgam|split')
),

step as (
    select urn, predecessor_urn, max(since) as since, bool_and(is_plain) as is_plain
    from told
    group by urn, predecessor_urn
),

one_to_one as (
    select urn, predecessor_urn, since
    from step
    qualify is_plain
        and count(*) over (partition by urn) = 1
        and count(*) over (partition by predecessor_urn) = 1
),

lineage as (
    select urn, predecessor_urn, 1 as generation, since, [urn, predecessor_urn] as passed
    from one_to_one
    union all
    select l.urn, o.predecessor_urn, l.generation + 1 as generation,
        greatest(l.since, o.since) as since, list_append(l.passed, o.predecessor_urn) as passed
    from lineage as l
    inner join one_to_one as o on l.predecessor_urn = o.urn
    -- one step further than the round, so that those who follow themselves are known
    where not list_contains(l.passed[2:], o.predecessor_urn)
)

select urn, predecessor_urn, generation, since
from lineage
where urn not in (select l.urn from lineage as l where l.urn = l.predecessor_urn)
