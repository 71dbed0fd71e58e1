-- What each release says, with the exact count under it; kept for good. A later audit needs it.
-- `status`: shown; primary (1 to the threshold); withheld, to protect another; sticky, since an
-- earlier release of the quarter hid it.
-- grain: one row per release, measure, quarter, level, area, breakdown and category
create table if not exists release_figure (
    release_id varchar not null,
    row_no bigint not null,
    measure varchar not null,
    quarter varchar not null,
    level varchar not null,
    area_code varchar not null,
    breakdown varchar not null,
    category varchar not null,
    exact bigint not null,
    value bigint,
    marker varchar,
    status varchar not null,
    areas_submitted integer not null,
    areas integer not null
);

-- What the audit found of each hidden cell: the range that remains possible for the viewer who can
-- narrow it most. `protects`: the cell that a withheld one is withheld for.
-- grain: one row per release and hidden cell
create table if not exists release_finding (
    release_id varchar not null,
    measure varchar not null,
    quarter varchar not null,
    level varchar not null,
    area_code varchar not null,
    breakdown varchar not null,
    category varchar not null,
    status varchar not null,
    low bigint,
    high bigint,
    viewer varchar,
    protects varchar
);

-- A lead says that the own borough's figures of a quarter are right; `content_hash` says which.
-- grain: one row per quarter, borough and confirmation
create table if not exists figure_confirmation (
    quarter varchar not null,
    borough_code varchar not null,
    content_hash varchar not null,
    at_utc timestamp not null,
    by_whom varchar not null
);

-- One hash for all exact figures of a borough in a quarter.
-- grain: one row per quarter and borough that has figures
create or replace view borough_figures_hash as
select quarter, area_code as borough_code,
    md5(
        string_agg(
            concat_ws('|', measure, breakdown, category, value), ';'
            order by measure, breakdown, category
        )
    ) as content_hash
from figure
where level = 'borough'
    and value > 0
    or (level = 'borough' and breakdown = 'total')
group by quarter, area_code;
