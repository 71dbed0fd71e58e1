-- grain: one row per release of figures about children
create table if not exists release (
    release_id varchar not null,
    quarters varchar[] not null,
    made_at timestamp not null,
    threshold integer not null,
    base integer not null
);
