-- Who has sent what: the state of every return on a day, up to and including a quarter?
-- The first state that holds: late (first sent after the day it was due, and no earlier answer
-- counted), nil return, provisional, published; where nothing stands: offered (the borough's lead
-- has yet to accept it), withdrawn, still counts (an earlier answer, by `valid_for`), not asked, not
-- yet due (the quarter has not ended), missing. `to_send`: what a reminder asks for; of an extract
-- whose answers stay valid only the newest quarter is. What was loaded as demonstration data was
-- loaded at once, and is never late.
-- Boroughs go by the newest quarter with something to send, then by how much of that is overdue,
-- by how much there is, and by name.
-- grain: one row per extract, quarter and borough; the quarters from the first one held
-- $quarter: the newest quarter looked at, as 2026-Q3
-- $today: the day, UTC
-- $extract (optional): one extract alone
-- $police_bcu (optional): name of one police command unit, its boroughs alone
-- $partnership (optional): one safeguarding children partnership, its boroughs alone
with first_quarter as (
    select coalesce(
        (select min(h.quarter) from held_quarter as h),
        (select min(w.asked_from) from submission_window as w)
    ) as quarter
),

cell as (
    select w.extract, q.quarter, b.borough_code, b.borough, q.ends, q.term_no,
        e.valid_for_count, e.valid_for_unit,
        w.due_days is not null and q.quarter >= w.asked_from as asked,
        q.ends + w.due_days as due,
        (q.starts + to_months(3 * (w.provisional_quarters + 1)))::date as final_from
    from submission_window as w
    inner join extract as e on w.extract = e.extract
    inner join quarter as q
        on q.quarter <= $quarter
        and q.quarter >= (select f.quarter from first_quarter as f)
    cross join borough as b
    where ($extract::varchar is null or w.extract = $extract)
        and ($police_bcu::varchar is null or b.police_bcu = $police_bcu)
        and ($partnership::varchar is null or b.partnership = $partnership)
),

before as (
    select c.extract, c.quarter, c.borough_code, max(s.quarter) as quarter_before
    from cell as c
    inner join submission_status as s
        on c.extract = s.extract
        and c.borough_code = s.borough_code
        and c.quarter > s.quarter
    group by c.extract, c.quarter, c.borough_code
),

counted as (
    select c.*,
        case
            when c.valid_for_unit = 'month'
                and date_diff('month', qb.ends, c.ends) <= c.valid_for_count
                then p.quarter_before
            when c.valid_for_unit = 'term' and c.term_no - qb.term_no < c.valid_for_count
                then p.quarter_before
        end as counts_from
    from cell as c
    left join before as p
        on c.extract = p.extract
        and c.quarter = p.quarter
        and c.borough_code = p.borough_code
    left join quarter as qb on p.quarter_before = qb.quarter
),

known as (
    select c.extract, c.quarter, c.borough_code, c.borough, c.ends, c.valid_for_count, c.asked,
        case when c.asked then c.due end as due,
        c.counts_from, s.submission_id, s.version, s.published_at,
        r.offered_submission_id, r.withdrawn_submission_id,
        case when s.submission_id is null then r.withdrawn_at end as withdrawn_at,
        coalesce(s.nil_return, false) as nil_return,
        s.submission_id is not null and $today::date < c.final_from as provisional,
        coalesce(
            c.asked and c.counts_from is null and not s.demonstration
            and r.first_sent_at::date > c.due,
            false
        ) as late
    from counted as c
    left join submission_status as s
        on c.extract = s.extract
        and c.quarter = s.quarter
        and c.borough_code = s.borough_code
    left join submission_received as r
        on c.extract = r.extract
        and c.quarter = r.quarter
        and c.borough_code = r.borough_code
),

stated as (
    select *,
        case
            when late then 'late'
            when nil_return then 'nil return'
            when provisional then 'provisional'
            when submission_id is not null then 'published'
            when offered_submission_id is not null then 'offered'
            when withdrawn_submission_id is not null then 'withdrawn'
            when counts_from is not null then 'still counts'
            when not asked then 'not asked'
            when $today::date <= ends then 'not yet due'
            else 'missing'
        end as state,
        submission_id is null and counts_from is null and asked and $today::date > ends as lacking
    from known
),

final as (
    select *, lacking and $today::date > due as overdue,
        lacking and (valid_for_count = 0 or quarter = $quarter) as to_send
    from stated
),

newest as (
    select borough_code, max(quarter) as newest_to_send
    from final
    where to_send
    group by borough_code
),

ranked as (
    select f.borough_code, n.newest_to_send,
        count(*) filter (where f.to_send and f.quarter = n.newest_to_send) as number_to_send,
        count(*) filter (where f.overdue and f.quarter = n.newest_to_send) as number_overdue
    from final as f
    left join newest as n on f.borough_code = n.borough_code
    group by f.borough_code, n.newest_to_send
)

select f.extract, f.quarter, f.borough_code, f.borough, f.state, f.due, f.overdue, f.to_send,
    f.nil_return, f.provisional, f.late, f.counts_from, f.version, f.published_at,
    coalesce(
        f.submission_id, f.offered_submission_id, f.withdrawn_submission_id
    ) as submission_id,
    f.withdrawn_at
from final as f
inner join ranked as r on f.borough_code = r.borough_code
order by r.newest_to_send desc nulls last, r.number_overdue desc, r.number_to_send desc,
    f.borough asc, f.extract asc, f.quarter desc
