-- Releases of figures about children: immutable, numbered, one of a quarter at a time. The store of
-- exact figures also holds what each says (exact/160_releases.sql).

-- `threshold`: counts from 1 to this are withheld; `base`: others go to the nearest of these;
-- `settings_reason`: why they are not the defaults. `hidden` cells are withheld, `withheld` of them
-- to protect another. `viewers` were tried by the audit, in `seconds`. `content_hash`: of its figures.
-- grain: one row per release
create table if not exists release (
    release_id varchar not null,
    number integer not null,
    quarter varchar not null,
    made_at timestamp not null,
    made_by varchar not null,
    why varchar,
    threshold integer not null,
    base integer not null,
    settings_reason varchar,
    cells integer not null,
    hidden integer not null,
    withheld integer not null,
    viewers integer not null,
    seconds double not null,
    content_hash varchar not null
);

-- `event`: withdrawn.
-- grain: one row per release and thing that happened to it
create table if not exists release_event (
    release_id varchar not null,
    event varchar not null,
    at_utc timestamp not null,
    by_whom varchar not null,
    why varchar not null
);

-- What is shown of a quarter: its newest release that was not withdrawn.
-- grain: one row per quarter with a release that stands
create or replace view standing_release as
select r.quarter, arg_max(r.release_id, r.number) as release_id
from release as r
where r.release_id not in (
    select e.release_id
    from release_event as e
    where e.event = 'withdrawn'
)
group by r.quarter;
