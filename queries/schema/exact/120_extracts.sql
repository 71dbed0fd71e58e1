-- The rows of accepted submissions, one table an extract, in the words of its contract.

create table if not exists schools (
    submission_id varchar not null,
    row_no bigint not null,
    urn integer not null,
    la_code varchar,
    establishment_number varchar,
    school_name varchar not null,
    type_of_establishment varchar not null,
    establishment_group varchar,
    status varchar not null,
    open_date date,
    close_date date,
    phase_of_education varchar,
    low_age integer,
    high_age integer,
    gender varchar,
    religious_character varchar,
    pupils integer,
    trust_code varchar,
    trust_name varchar,
    federation_code varchar,
    federation_name varchar,
    borough_code varchar not null,
    easting integer,
    northing integer,
    lon double,
    lat double
);

create table if not exists referrals (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    urn integer,
    urn_attended integer,
    referral_type varchar not null,
    source varchar not null,
    outcome varchar not null,
    referrals integer not null,
    aim_assessments integer,
    criminal_justice integer
);

create table if not exists training (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    agency varchar not null,
    urn integer,
    course varchar not null,
    staff_in_scope integer not null,
    staff_trained integer not null
);

create table if not exists police_engagement (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    urn integer not null,
    role varchar not null,
    priority_school varchar not null,
    level varchar not null,
    visits integer,
    sessions_delivered integer,
    last_contact_month varchar
);
