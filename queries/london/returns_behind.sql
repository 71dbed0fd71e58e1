-- On which returns does the change of a borough's figure rest, and were they revised?
-- `revised`: another return had come before for the same quarter and borough.
-- grain: one row per extract of the indicator and quarter that has a return
-- $quarter: calendar quarter, as 2026-Q3
-- $previous: the quarter before
-- $borough: GSS code
-- $indicator: name of an indicator
select s.extract, s.quarter, s.submission_id, s.file_name, s.version, s.published_at,
    r.first_sent_at,
    s.version > 1 and s.published_at > r.first_sent_at as revised
from submission_status as s
inner join indicator as i
    on i.indicator = $indicator
    and list_contains(i.extracts, s.extract)
inner join submission_received as r
    on s.extract = r.extract
    and s.quarter = r.quarter
    and s.borough_code = r.borough_code
where s.quarter in ($quarter, $previous)
    and s.borough_code = $borough
order by s.quarter desc, s.extract asc
