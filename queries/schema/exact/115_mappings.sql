-- How exports in another layout are read, as persons confirmed it. Append-only: the newest of an
-- extract and fingerprint applies. Times are UTC.

-- grain: one row per confirmed mapping
create table if not exists column_mapping (
    mapping_id varchar not null,
    extract varchar not null,
    fingerprint varchar not null,
    name varchar not null,
    content varchar not null,
    confirmed_by varchar not null,
    confirmed_at timestamp not null
);
