-- What stood for each quarter and borough right before a submission was published there, and why
-- was it published?
-- grain: one row per quarter and borough for which it was published
-- $submission: its id
with published as (
    select e.quarter, e.borough_code,
        min(e.store_version) filter (where e.event = 'published') as since,
        min(e.at_utc) filter (where e.event = 'published') as published_at,
        -- Whoever accepts what was offered gives no reason of their own.
        arg_min(e.why, e.store_version) as why
    from submission_event as e
    where e.submission_id = $submission
        and e.event in ('offered', 'published')
    group by e.quarter, e.borough_code
    having since is not null
),

itself as (
    select extract, version, coalesce(as_at, date '1900-01-01') as as_at
    from submission
    where submission_id = $submission
),

earlier as (
    select p.quarter, p.borough_code, s.submission_id, s.submitted_by, s.received_at,
        (coalesce(s.as_at, date '1900-01-01'), s.version) as precedence,
        arg_max(e.event, e.store_version) as last_event
    from published as p
    inner join submission_event as e
        on p.quarter = e.quarter
        and p.borough_code = e.borough_code
        and p.since > e.store_version
    inner join submission as s on e.submission_id = s.submission_id
    inner join itself as i
        on s.extract = i.extract
        and (coalesce(s.as_at, date '1900-01-01'), s.version) < (i.as_at, i.version)
    group by all
),

stood as (
    select quarter, borough_code, arg_max(submission_id, precedence) as submission_id,
        arg_max(submitted_by, precedence) as submitted_by,
        arg_max(received_at, precedence) as received_at
    from earlier
    where last_event in ('published', 'reinstated')
    group by quarter, borough_code
)

select p.quarter, p.borough_code, c.nil_return, c.row_count, p.published_at, p.why,
    s.submission_id as replaces, s.submitted_by as replaced_by, s.received_at as replaced_at,
    b.row_count as replaced_rows, b.nil_return as replaced_nil
from published as p
inner join submission_pair as c
    on p.quarter = c.quarter
    and p.borough_code = c.borough_code
    and c.submission_id = $submission
left join stood as s on p.quarter = s.quarter and p.borough_code = s.borough_code
left join submission_pair as b
    on s.submission_id = b.submission_id
    and p.quarter = b.quarter
    and p.borough_code = b.borough_code
order by p.quarter, p.borough_code
