-- What screens read. Both stores hold these tables; `figure` is exact in the exact store and
-- released in the released one, the others are the same in both: they hold no count about children.

-- grain: one row per quarter and school in scope
create table if not exists school (
    quarter varchar not null,
    urn integer not null,
    school_name varchar not null,
    borough_code varchar not null,
    school_type varchar not null,
    phase varchar not null,
    phase_source varchar not null,
    low_age integer,
    high_age integer,
    pupils integer,
    gender varchar,
    religious_character varchar,
    trust_code varchar,
    trust_name varchar,
    federation_code varchar,
    federation_name varchar,
    status varchar,
    lon double,
    lat double,
    register_date date not null,
    register_submission varchar not null
);

-- grain: one row per indicator, quarter and school
create table if not exists indicator_state (
    indicator varchar not null,
    quarter varchar not null,
    borough_code varchar not null,
    urn integer not null,
    state varchar not null,
    reason varchar,
    evidence varchar,
    evidence_quarter varchar,
    evidence_urn integer,
    submission_id varchar,
    settings_hash varchar not null,
    computed_at timestamp not null
);

-- Whose evidence carries forward to a school under a new URN: those that it follows one to one,
-- from the nearest (`generation` 1) back. Merged and split schools follow nobody. `since`: when the
-- youngest link between the two was established; null where none is dated.
-- grain: one row per school and predecessor
create table if not exists school_predecessor (
    urn integer not null,
    predecessor_urn integer not null,
    generation integer not null,
    since date
);

-- What every figure above a school is a sum over. `state_before` is the state of the same schools
-- in the held quarter before; null where that is none, or the school was not in scope of the
-- borough then. `pupils` sums the numbers that are known.
-- grain: one row per quarter, borough, school type, phase, indicator, state, reason and state before
create table if not exists state_count (
    quarter varchar not null,
    borough_code varchar not null,
    school_type varchar not null,
    phase varchar not null,
    indicator varchar not null,
    state varchar not null,
    reason varchar,
    state_before varchar,
    schools bigint not null,
    pupils bigint not null,
    schools_without_pupils bigint not null
);

-- Numbers of children and of schools: the measures, levels and breakdowns that
-- data/reference/lattice.toml declares. `breakdown` total has the one category `all`. An area with
-- a total and no row of a category has a true 0 of it. `value` null with marker `c` is withheld.
-- `areas_submitted` of the `areas` boroughs of the area are in the value.
-- grain: one row per measure, quarter, level, area, breakdown and category
create table if not exists figure (
    measure varchar not null,
    quarter varchar not null,
    level varchar not null,
    area_code varchar not null,
    breakdown varchar,
    category varchar,
    value bigint,
    marker varchar,
    areas_submitted integer not null,
    areas integer,
    release_id varchar not null
);

-- grain: one row per extract, quarter and borough that has submitted
create table if not exists submission_status (
    extract varchar not null,
    quarter varchar not null,
    borough_code varchar not null,
    submission_id varchar not null,
    version integer not null,
    file_name varchar not null,
    published_at timestamp not null,
    nil_return boolean not null,
    demonstration boolean not null
);

-- Whose exact figures there are, and of what: whether a figure that is not shown is withheld by
-- nobody and only waits for its release. Filled in the released store alone.
-- grain: one row per measure, quarter, level and area with a figure in the exact store
create table if not exists figure_held (
    measure varchar not null,
    quarter varchar not null,
    level varchar not null,
    area_code varchar not null
);

-- What ever came: `submission_status` has no row where all of it was withdrawn or only offered.
-- grain: one row per extract, quarter and borough that was ever submitted
create table if not exists submission_received (
    extract varchar not null,
    quarter varchar not null,
    borough_code varchar not null,
    first_sent_at timestamp not null,
    offered_submission_id varchar,
    withdrawn_submission_id varchar,
    withdrawn_at timestamp
);

-- grain: one row per quarter that the store answers for
create table if not exists held_quarter (
    quarter varchar not null
);

-- What the indicators of borough grain say of each area: made of `figure` and of what both stores
-- hold alike, so exact in the exact store and released in the released one. `reason`: why there is
-- no value; `marker` c: withheld, or a symbol of a published series.
-- grain: one row per indicator, held quarter, level and area
create table if not exists area_value (
    indicator varchar not null,
    quarter varchar not null,
    level varchar not null,
    area_code varchar not null,
    numerator bigint,
    denominator bigint,
    value double,
    low double,
    high double,
    marker varchar,
    reason varchar,
    areas_submitted integer not null,
    areas integer not null
);
