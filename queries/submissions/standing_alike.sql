-- Do these very bytes stand already, or are they offered, for exactly these quarters and boroughs?
-- An update holds more than its bytes, so it is alike by its rows alone.
-- grain: one row per submission that does
-- $extract: the extract
-- $sha256: hash of the file
-- $as_at (optional): the register's date
-- $content_hash (optional): hash of the rows that were made of them
-- $pairs (list): "quarter borough nil", sorted
with same_bytes as (
    select submission_id, version
    from submission
    where extract = $extract
        and sha256 = $sha256
        and as_at is not distinct from $as_at::date
        and (
            ($content_hash::varchar is null and mode = 'replace')
            or content_hash = $content_hash
        )
),

last_events as (
    select e.submission_id, e.quarter, e.borough_code,
        arg_max(e.event, e.store_version) as last_event
    from submission_event as e
    inner join same_bytes as b on e.submission_id = b.submission_id
    group by e.submission_id, e.quarter, e.borough_code
),

covered as (
    select b.submission_id, b.version,
        list(
            p.quarter || ' ' || p.borough_code || ' '
            || case when p.nil_return then 'nil' else '' end
        ) as pairs,
        count(*) filter (where c.submission_id is not null or o.last_event = 'offered') as standing
    from same_bytes as b
    inner join submission_pair as p on b.submission_id = p.submission_id
    left join submission_status as c
        on p.submission_id = c.submission_id
        and p.quarter = c.quarter
        and p.borough_code = c.borough_code
    left join last_events as o
        on p.submission_id = o.submission_id
        and p.quarter = o.quarter
        and p.borough_code = o.borough_code
    group by b.submission_id, b.version
)

select submission_id, version
from covered
where list_sort(pairs) = list_sort($pairs::varchar[])
    and standing = len(pairs)
