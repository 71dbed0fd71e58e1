-- Is a gap one of the trust? Where its schools in the borough stand on each indicator, beside the
-- borough's other schools.
-- grain: one row per indicator of school grain; none where the school has no trust
-- $urn: the school
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
with member as (
    select s.urn, coalesce(s.trust_code = own.trust_code, false) as in_trust
    from school as s
    inner join school as own
        on s.quarter = own.quarter
        and s.borough_code = own.borough_code
    where s.quarter = $quarter
        and s.borough_code = $borough
        and own.urn = $urn::integer
        and own.trust_code is not null
)

select i.indicator, count(*) filter (where m.in_trust) as schools,
    count(*) filter (where m.in_trust and i.state = 'met') as met,
    count(*) filter (where m.in_trust and i.state = 'gap') as gap,
    count(*) filter (where m.in_trust and i.state = 'unknown') as unknown,
    count(*) filter (where m.in_trust and i.state = 'not_applicable') as not_applicable,
    count(*) filter (where not m.in_trust and i.state = 'met') as others_met,
    count(*) filter (where not m.in_trust and i.state = 'gap') as others_gap,
    count(*) filter (where not m.in_trust and i.state = 'unknown') as others_unknown
from member as m
inner join indicator_state as i
    on i.quarter = $quarter
    and i.borough_code = $borough
    and m.urn = i.urn
group by i.indicator
order by gap desc, i.indicator asc
