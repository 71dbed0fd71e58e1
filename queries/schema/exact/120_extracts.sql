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

create table if not exists school_links (
    submission_id varchar not null,
    row_no bigint not null,
    urn integer not null,
    link_urn integer not null,
    link_name varchar,
    link_type varchar not null,
    link_established_date date,
    borough_code varchar not null
);

create table if not exists population (
    submission_id varchar not null,
    row_no bigint not null,
    borough_code varchar not null,
    year integer not null,
    age_group varchar not null,
    residents integer not null
);

create table if not exists neighbours (
    submission_id varchar not null,
    row_no bigint not null,
    borough_code varchar not null,
    rank integer not null,
    neighbour_dfe_la_code varchar not null,
    closeness varchar
);

create table if not exists school_safeguarding (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    urn integer not null,
    letter_sent varchar not null,
    reviewed varchar not null,
    offer_of_support_sent varchar not null,
    dsl_forum_attended varchar not null,
    dsl_forum_role_offered varchar not null,
    self_evaluation_returned varchar not null,
    hsb_survey_returned varchar not null,
    hsb_policy varchar not null,
    alcohol_policy varchar not null,
    anonymous_reporting varchar not null,
    visible_information varchar not null,
    dsl_supervision varchar not null,
    pshe_delivering varchar not null,
    parent_campaign_sent varchar not null,
    relevant_agency_named varchar not null,
    self_evaluation_met integer,
    self_evaluation_applicable integer,
    hsb_reports_two_years integer
);

create table if not exists perception_survey (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    urn integer,
    respondent varchar not null,
    sex varchar not null,
    question varchar not null,
    valid_answers integer not null,
    a_lot integer not null,
    sometimes integer not null
);

create table if not exists testimonies (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    urn integer not null,
    testimonies integer not null
);

create table if not exists partnership_review (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    item varchar not null,
    status varchar not null,
    month varchar
);

create table if not exists message_log (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    agency varchar not null,
    message varchar not null,
    school_type varchar not null,
    schools_reached integer not null,
    month varchar not null
);

create table if not exists lado (
    submission_id varchar not null,
    row_no bigint not null,
    quarter varchar not null,
    borough_code varchar not null,
    contacts_education integer not null,
    threshold_met integer not null,
    concluded integer not null,
    substantiated integer not null
);

create table if not exists cin_factors (
    submission_id varchar not null,
    row_no bigint not null,
    year integer not null,
    geographic_level varchar not null,
    borough_code varchar not null,
    category varchar,
    assessments integer,
    assessments_symbol varchar,
    child_on_child integer,
    child_on_child_symbol varchar
);
