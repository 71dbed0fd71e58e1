-- Where does a school stand on each indicator in a quarter, how many points is that, and which
-- submission says so? Points are the weights of the borough's partnership. Where a predecessor gave
-- the evidence, `evidence_urn` is its URN.
-- grain: one row per indicator of school grain
-- $urn: the school
-- $quarter: calendar quarter, as 2026-Q3
with source as (
    -- not by borough: the row of a school may stand in another borough's part of the file
    select distinct submission_id, quarter, extract, file_name, version, published_at
    from submission_status
),

predecessor as (
    select urn, arg_max(school_name, quarter) as school_name
    from school
    where urn in (select p.predecessor_urn from school_predecessor as p where p.urn = $urn::integer)
    group by urn
)

select i.indicator, i.state, i.reason, i.evidence, i.evidence_quarter, i.evidence_urn,
    p.school_name as evidence_school, i.submission_id, t.extract, t.file_name, t.version,
    t.published_at, w.value as points, w.is_default as is_default_weight
from indicator_state as i
left join borough_setting as w
    on i.borough_code = w.borough_code
    and w.setting = 'weight.' || i.indicator
left join source as t
    on i.submission_id = t.submission_id
    and i.evidence_quarter = t.quarter
left join predecessor as p on i.evidence_urn = p.urn
where i.urn = $urn::integer
    and i.quarter = $quarter
order by i.indicator
