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
    submission_id varchar,
    settings_hash varchar not null,
    computed_at timestamp not null
);

-- grain: one row per measure, quarter, level and area; `value` null with marker `c` is withheld
create table if not exists figure (
    measure varchar not null,
    quarter varchar not null,
    level varchar not null,
    area_code varchar not null,
    value bigint,
    marker varchar,
    areas_submitted integer not null,
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
