-- Who may do what, and who did: a database of its own, which holds nothing of an extract. Nothing in
-- it is ever changed or taken out. Times are UTC.

-- It bears the mark of the schema (gapmap/stores/schema.py), as in the stores.
-- grain: one row, or none
create table if not exists store_version (
    opened_at timestamp not null
);

-- `who`: the key of a person (issuer and subject) or the name of what acts by itself.
-- `on_what`: codes and ids, never a value of a cell.
-- grain: one row per event
create table if not exists audit_event (
    at_utc timestamp not null,
    who varchar not null,
    role varchar,
    what varchar not null,
    on_what varchar not null,
    outcome varchar not null
);

-- The hash of an event and of the seal before it: an event that somebody changes, takes out or puts in
-- breaks every seal from there on (gapmap/office/seal.py).
-- grain: one row per event
create table if not exists audit_seal (
    at_utc timestamp not null,
    seal varchar not null
);

-- `holder`: a person's key, or an app role of the identity provider. A grant is ended by another
-- version of it.
-- grain: one row per grant and version
create table if not exists access_grant (
    grant_id varchar not null,
    version integer not null,
    holder varchar not null,
    holder_name varchar not null,
    role varchar not null,
    boroughs varchar[] not null,
    extracts varchar[] not null,
    valid_from timestamp not null,
    ended_at timestamp,
    by_whom varchar not null,
    noted_at timestamp not null
);

-- What was agreed: an action closes a gap (indicator, of a borough or of London, of one school type
-- or all); an ask goes to the Executive. `quarter`: the figures on which it was agreed. Each step is
-- another version.
-- grain: one row per agreement and version
create table if not exists agreement (
    agreement_id varchar not null,
    version integer not null,
    kind varchar not null,
    borough_code varchar,
    indicator varchar,
    school_type varchar,
    words varchar not null,
    owner varchar not null,
    who varchar not null,
    quarter varchar not null,
    due varchar not null,
    status varchar not null,
    outcome varchar not null,
    agreed_by varchar not null,
    by_whom varchar not null,
    agreed_at timestamp not null,
    noted_at timestamp not null
);

-- `query`: JSON, a list of values by the name of a parameter of the address.
-- grain: one row per view and version
create table if not exists saved_view (
    view_id varchar not null,
    version integer not null,
    name varchar not null,
    page varchar not null,
    query varchar not null,
    by_whom varchar not null,
    noted_at timestamp not null,
    removed boolean not null
);

-- Edits of the notes of data/reference/notes.toml; the newest of a name counts.
-- grain: one row per edit
create table if not exists dated_note (
    name varchar not null,
    as_of date not null,
    text varchar not null,
    by_whom varchar not null,
    noted_at timestamp not null
);

-- The newest row of a borough counts, before data/reference/review_deadlines.csv.
-- grain: one row per day that was set
create table if not exists review_deadline (
    borough_code varchar not null,
    due date not null,
    by_whom varchar not null,
    noted_at timestamp not null
);
