-- Reference tables that the data folder, the contracts and the indicator files fill.

create table if not exists borough (
    borough_code varchar not null,
    dfe_la_code varchar not null,
    borough varchar not null,
    partnership varchar not null,
    partnership_source_confidence varchar,
    police_force varchar,
    police_bcu_code varchar,
    police_bcu varchar,
    icb_2022 varchar,
    icb_2026 varchar,
    inner_outer_dfe varchar
);

create table if not exists school_type (
    type_of_establishment varchar not null,
    school_type varchar,
    in_scope boolean not null
);

create table if not exists phase (
    phase_of_education varchar not null,
    phase varchar
);

-- `valid_for_count` of `valid_for_unit` (month or term): how long the last answer stands.
-- `dated_by`: whether its rows describe quarters, years, or what held on a date.
create table if not exists extract (
    extract varchar not null,
    title varchar not null,
    dated_by varchar not null,
    valid_for_count integer not null,
    valid_for_unit varchar not null
);

-- What an indicator's file says in its header. `weight`: its default points in a school's gap score.
-- `topic`: what schools answer about, for an indicator of school grain; null for the others.
create table if not exists indicator (
    indicator varchar not null,
    title varchar not null,
    question varchar,
    grain varchar not null,
    polarity varchar not null,
    owner varchar not null,
    weight double,
    closes varchar,
    gap varchar,
    letter varchar,
    applies_to varchar,
    unit varchar,
    period varchar,
    extracts varchar[],
    topic varchar
);

-- Weights (`weight.<indicator>`) and thresholds of data/reference/settings.toml as they hold in a
-- borough: its partnership's value, else the default.
-- grain: one row per borough and setting
create table if not exists borough_setting (
    borough_code varchar not null,
    setting varchar not null,
    value double not null,
    is_default boolean not null
);

-- Who owns an item of the partnerships' reviews, and what closes it.
-- grain: one row per item
create table if not exists review_item_definition (
    item varchar not null,
    owner varchar not null,
    letter varchar not null,
    closes varchar not null
);

-- When boroughs are asked for an extract of quarters, from data/reference/windows.toml: due
-- `due_days` after the quarter's end (null: never), provisional for `provisional_quarters` after it.
create table if not exists submission_window (
    extract varchar not null,
    rhythm varchar not null,
    asked_from varchar not null,
    due_days integer,
    provisional_quarters integer not null
);

-- One row a calendar quarter. `term_no` counts school terms (three a year: spring January-March,
-- summer April-August, autumn September-December) at the quarter's last day.
create table if not exists quarter (
    quarter varchar not null,
    starts date not null,
    ends date not null,
    term_no integer not null
);

-- One row: the version that every publication moves on by one.
create table if not exists store_version (
    version bigint not null,
    reference_hash varchar not null,
    changed_at timestamp not null
);
