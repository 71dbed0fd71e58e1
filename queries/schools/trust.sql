-- Which schools of a borough belong to a school's trust, and where do they stand?
-- grain: one row per school of the trust in the borough, the school itself among them; none where
-- it has no trust
-- $urn: the school
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
with placed as (
    select *, row_number() over (partition by phase order by urn) as place
    from school
    where quarter = $quarter
        and borough_code = $borough
),

counted as (
    select urn, count(*) filter (where state = 'met') as met,
        count(*) filter (where state = 'gap') as gap,
        count(*) filter (where state = 'unknown') as unknown,
        count(*) filter (where state = 'not_applicable') as not_applicable
    from indicator_state
    where quarter = $quarter
        and borough_code = $borough
    group by urn
),

scored as (
    select urn, score, hidden
    from school_score
    where quarter = $quarter
        and borough_code = $borough
)

select s.urn, s.school_name, s.place, s.school_type, s.phase, s.pupils, s.trust_code, s.trust_name,
    s.urn = $urn::integer as is_self, coalesce(c.met, 0) as met, coalesce(c.gap, 0) as gap,
    coalesce(c.unknown, 0) as unknown, coalesce(c.not_applicable, 0) as not_applicable,
    r.score, coalesce(r.hidden, true) as hidden
from placed as s
inner join placed as own
    on own.urn = $urn::integer
    and s.trust_code = own.trust_code
left join counted as c on s.urn = c.urn
left join scored as r on s.urn = r.urn
order by r.score desc nulls last, s.urn asc
