-- What came, from whom and when, and for how many of its quarters and boroughs does it stand?
-- grain: one row per submission, newest first
-- $extract (optional): one extract alone
with covered as (
    select p.submission_id, count(*) as pairs, min(p.quarter) as first_quarter,
        max(p.quarter) as last_quarter, count(c.submission_id) as standing_pairs,
        count(*) filter (where p.nil_return) as nil_returns,
        list(distinct b.borough order by b.borough) as boroughs
    from submission_pair as p
    inner join borough as b on p.borough_code = b.borough_code
    left join current_submission as c
        on p.submission_id = c.submission_id
        and p.quarter = c.quarter
        and p.borough_code = c.borough_code
    group by p.submission_id
),

last_events as (
    select submission_id, quarter, borough_code, arg_max(event, store_version) as last_event
    from submission_event
    group by submission_id, quarter, borough_code
),

counted as (
    select submission_id, count(*) filter (where last_event = 'offered') as offered_pairs,
        count(*) filter (where last_event = 'withdrawn') as withdrawn_pairs
    from last_events
    group by submission_id
),

happened as (
    select submission_id, arg_max(event, store_version) as last_event,
        arg_max(at_utc, store_version) as last_at, arg_max(by_whom, store_version) as last_by,
        arg_max(why, store_version) as last_why, min(store_version) as published_version
    from submission_event
    group by submission_id
)

select s.submission_id, s.extract, s.as_at, d.first_quarter, d.last_quarter, d.boroughs, d.pairs,
    d.nil_returns, d.standing_pairs, n.offered_pairs, n.withdrawn_pairs,
    s.mode, s.version, s.row_count, s.file_name, s.sha256,
    s.submitted_by, s.received_at, s.demonstration,
    case
        when n.withdrawn_pairs = d.pairs then 'withdrawn'
        when n.offered_pairs = d.pairs then 'offered'
        when d.standing_pairs = d.pairs then 'current'
        when d.standing_pairs = 0 and n.offered_pairs > 0 then 'offered'
        when d.standing_pairs = 0 then 'superseded'
        else 'partly current'
    end as standing,
    h.last_event, h.last_at, h.last_by, h.last_why
from submission as s
inner join covered as d on s.submission_id = d.submission_id
inner join counted as n on s.submission_id = n.submission_id
inner join happened as h on s.submission_id = h.submission_id
where ($extract::varchar is null or s.extract = $extract)
order by h.published_version desc
