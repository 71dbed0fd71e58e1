-- Which boroughs have an answer of an extract that still counts in a quarter, and from when?
-- grain: one row per borough, all of them
-- $quarter: calendar quarter, as 2026-Q3
-- $extract: the extract
with latest as (
    select borough_code, max(quarter) as last_quarter
    from submission_status
    where extract = $extract
        and quarter <= $quarter
    group by borough_code
)

select b.borough_code, b.borough, l.last_quarter, s.file_name, s.submission_id, s.version,
    s.published_at, s.nil_return,
    coalesce(
        case e.valid_for_unit
            when 'month' then date_diff('month', ql.ends, q.ends) <= e.valid_for_count
            else q.term_no - ql.term_no < e.valid_for_count
        end,
        false
    ) as still_counts
from borough as b
cross join (select * from quarter where quarter = $quarter) as q
inner join extract as e on e.extract = $extract
left join latest as l on b.borough_code = l.borough_code
left join quarter as ql on l.last_quarter = ql.quarter
left join submission_status as s
    on s.extract = $extract
    and l.borough_code = s.borough_code
    and l.last_quarter = s.quarter
order by b.borough
