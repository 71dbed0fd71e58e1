-- Where does a school stand on each indicator in a quarter, and which submission says so?
-- grain: one row per indicator of school grain
-- $urn: the school
-- $quarter: calendar quarter, as 2026-Q3
with source as (
    -- not by borough: the row of a school may stand in another borough's part of the file
    select distinct submission_id, quarter, extract, file_name, version, published_at
    from submission_status
)

select i.indicator, i.state, i.reason, i.evidence, i.evidence_quarter, i.submission_id,
    t.extract, t.file_name, t.version, t.published_at
from indicator_state as i
left join source as t
    on i.submission_id = t.submission_id
    and i.evidence_quarter = t.quarter
where i.urn = $urn::integer
    and i.quarter = $quarter
order by i.indicator
