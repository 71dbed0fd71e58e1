-- Append-only: a submission never changes; what happens to it is an event. Times are UTC.

-- grain: one row per submission
create table if not exists submission (
    submission_id varchar not null,
    extract varchar not null,
    as_at date,
    mode varchar not null,
    version integer not null,
    file_name varchar not null,
    sha256 varchar not null,
    content_hash varchar not null,
    row_count bigint not null,
    submitted_by varchar not null,
    received_at timestamp not null,
    archive_path varchar not null,
    demonstration boolean not null
);

-- grain: one row per submission, quarter and borough that it declares to cover
create table if not exists submission_pair (
    submission_id varchar not null,
    quarter varchar not null,
    borough_code varchar not null,
    nil_return boolean not null,
    row_count bigint not null
);

-- An event is offered (its lead has yet to accept it), published, withdrawn or reinstated.
-- grain: one row per submission, quarter, borough and event
create table if not exists submission_event (
    submission_id varchar not null,
    quarter varchar not null,
    borough_code varchar not null,
    event varchar not null,
    at_utc timestamp not null,
    store_version bigint not null,
    by_whom varchar not null,
    why varchar
);

-- grain: one row per submission and group of warnings that the publisher accepted
create table if not exists accepted_warning (
    submission_id varchar not null,
    code varchar not null,
    message varchar not null,
    occurrences bigint not null,
    accepted_by varchar not null
);

-- A submission that updates some schools takes over the rows of the others from what stood, and
-- numbers them after its file's own (queries/submissions/carried_over.sql).
-- grain: one row per submission, quarter and borough of which rows were carried over
create table if not exists carried_over (
    submission_id varchar not null,
    quarter varchar not null,
    borough_code varchar not null,
    from_submission_id varchar not null,
    first_row bigint not null,
    last_row bigint not null,
    row_count bigint not null
);

-- Which submission was current when: the newest published one of each extract, quarter and
-- borough, from one event to the next. `current_until` null: still current.
-- grain: one row per extract, quarter, borough and span between two events
create or replace view submission_currency as
with event as (
    select s.extract, e.quarter, e.borough_code, e.submission_id, e.event, e.at_utc,
        e.store_version, p.nil_return, coalesce(s.as_at, date '1900-01-01') as as_at, s.version
    from submission_event as e
    inner join submission as s on e.submission_id = s.submission_id
    inner join submission_pair as p
        on e.submission_id = p.submission_id
        and e.quarter = p.quarter
        and e.borough_code = p.borough_code
),

moment as (
    select distinct extract, quarter, borough_code, store_version, at_utc
    from event
),

standing as (
    select m.extract, m.quarter, m.borough_code, m.store_version, m.at_utc, e.submission_id,
        e.nil_return, e.as_at, e.version, arg_max(e.event, e.store_version) as last_event
    from moment as m
    inner join event as e
        on m.extract = e.extract
        and m.quarter = e.quarter
        and m.borough_code = e.borough_code
        and m.store_version >= e.store_version
    group by all
),

winner as (
    select extract, quarter, borough_code, store_version, at_utc,
        arg_max(submission_id, (as_at, version))
            filter (where last_event in ('published', 'reinstated')) as submission_id,
        arg_max(nil_return, (as_at, version))
            filter (where last_event in ('published', 'reinstated')) as nil_return
    from standing
    group by all
)

select extract, quarter, borough_code, submission_id, nil_return, at_utc as current_from,
    lead(at_utc) over (
        partition by extract, quarter, borough_code
        order by store_version
    ) as current_until
from winner;

-- What stands now: the last span of submission_currency, found without the spans before it.
-- `submission_status` is this, kept by every publication, and what the other views read: each of
-- them would otherwise go through all events that ever were.
-- grain: one row per extract, quarter and borough that has submitted
create or replace view current_submission as
with latest as (
    select submission_id, quarter, borough_code, arg_max(event, store_version) as last_event,
        arg_max(at_utc, store_version) as last_at, max(store_version) as last_version
    from submission_event
    group by submission_id, quarter, borough_code
),

winner as (
    select s.extract, l.quarter, l.borough_code,
        arg_max(l.submission_id, (coalesce(s.as_at, date '1900-01-01'), s.version))
            filter (where l.last_event in ('published', 'reinstated')) as submission_id,
        arg_max(l.last_at, l.last_version) as current_from
    from latest as l
    inner join submission as s on l.submission_id = s.submission_id
    group by s.extract, l.quarter, l.borough_code
)

select w.extract, w.quarter, w.borough_code, w.submission_id, p.nil_return, w.current_from
from winner as w
inner join submission_pair as p
    on w.submission_id = p.submission_id
    and w.quarter = p.quarter
    and w.borough_code = p.borough_code;
