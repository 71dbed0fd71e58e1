-- Do these very bytes stand already, for exactly these quarters and boroughs?
-- grain: one row per submission that does
-- $extract: the extract
-- $sha256: hash of the file
-- $as_at (optional): the register's date
-- $pairs (list): "quarter borough nil", sorted
with covered as (
    select p.submission_id,
        list(
            p.quarter || ' ' || p.borough_code || ' ' || case when p.nil_return then 'nil' else '' end
            order by p.quarter, p.borough_code, p.nil_return
        ) as pairs,
        count(c.submission_id) as standing
    from submission_pair as p
    left join current_submission as c
        on p.submission_id = c.submission_id
        and p.quarter = c.quarter
        and p.borough_code = c.borough_code
    group by p.submission_id
)

select s.submission_id, s.version
from submission as s
inner join covered as d on s.submission_id = d.submission_id
where s.extract = $extract
    and s.sha256 = $sha256
    and s.as_at is not distinct from $as_at::date
    and list_sort(d.pairs) = list_sort($pairs::varchar[])
    and d.standing = len(d.pairs)
