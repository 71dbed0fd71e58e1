-- How fresh is each extract: what came last, and for how many boroughs does an answer still count?
-- grain: one row per extract
-- $quarter: calendar quarter, as 2026-Q3, in which answers are to count
with latest as (
    select extract, borough_code, max(quarter) as last_quarter
    from submission_status
    where quarter <= $quarter
    group by extract, borough_code
),

judged as (
    select l.extract, l.borough_code, l.last_quarter, s.published_at, s.demonstration,
        case
            when e.dated_by <> 'quarter' then true
            when e.valid_for_unit = 'month'
                then date_diff('month', ql.ends, q.ends) <= e.valid_for_count
            else q.term_no - ql.term_no < e.valid_for_count
        end as still_counts
    from latest as l
    inner join extract as e on l.extract = e.extract
    inner join submission_status as s
        on l.extract = s.extract
        and l.borough_code = s.borough_code
        and l.last_quarter = s.quarter
    inner join quarter as ql on l.last_quarter = ql.quarter
    cross join (select * from quarter where quarter = $quarter) as q
)

select e.extract, e.title, e.dated_by, e.valid_for_count, e.valid_for_unit,
    max(j.last_quarter) as last_quarter,
    max(j.published_at) as last_published_at,
    count(j.borough_code) as boroughs_ever,
    count(*) filter (where j.still_counts) as boroughs_counting,
    (select count(*) from borough) as boroughs,
    coalesce(bool_or(j.demonstration), false) as demonstration
from extract as e
left join judged as j on e.extract = j.extract
group by e.extract, e.title, e.dated_by, e.valid_for_count, e.valid_for_unit
order by e.title asc
