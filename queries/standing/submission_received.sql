-- When did anything first come for each extract, quarter and borough, and what of it was offered
-- or withdrawn last?
-- grain: one row per extract, quarter and borough that was ever submitted
with latest as (
    select submission_id, quarter, borough_code,
        min(at_utc) filter (where event in ('offered', 'published')) as first_at,
        arg_max(event, store_version) as last_event, arg_max(at_utc, store_version) as last_at,
        max(store_version) as last_version
    from submission_event
    group by submission_id, quarter, borough_code
)

select s.extract, l.quarter, l.borough_code, min(l.first_at) as first_sent_at,
    arg_max(l.submission_id, l.last_version)
        filter (where l.last_event = 'offered') as offered_submission_id,
    arg_max(l.submission_id, l.last_version)
        filter (where l.last_event = 'withdrawn') as withdrawn_submission_id,
    arg_max(l.last_at, l.last_version)
        filter (where l.last_event = 'withdrawn') as withdrawn_at
from latest as l
inner join submission as s on l.submission_id = s.submission_id
group by s.extract, l.quarter, l.borough_code
