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
