-- What is a borough's own lead told about its schools, and nobody else? Of secondary-age schools: was
-- no referral of either type seen in this and the three quarters before, made by the school or about
-- a child who attends it, whichever borough received it, though children or a testimony speak of
-- harassment there? Unknown in a borough where it, or one that adjoins it, has not submitted all four
-- quarters (not_submitted), or where too few of the referrals from its schools name the school
-- (few_with_urn). Schools are of the quartile of highest prevalence among all that have enough
-- answers; of fewer than four there is none. What was said of the predecessor counts.
-- grain: one row per quarter and school in scope
-- $quarters (list): calendar quarters
with asked as (
    select q.quarter, q.starts
    from quarter as q
    inner join held_quarter as h on q.quarter = h.quarter
    where q.quarter = any($quarters::varchar[])
),

year_to as (
    select a.quarter, w.quarter as quarter_within
    from asked as a
    inner join quarter as w on w.starts between a.starts - interval 9 month and a.starts
),

setting as (
    select borough_code,
        max(value) filter (where setting = 'no_referral_urn_share') as least_urn_share,
        max(value) filter (where setting = 'no_referral_prevalence_answers') as least_answers
    from borough_setting
    group by borough_code
),

-- A school and those that it follows one to one, from the day on which the link was established.
line as (
    select a.quarter, s.urn, s.urn as earlier_urn
    from asked as a
    inner join school as s on a.quarter = s.quarter
    union all
    select a.quarter, p.urn, p.predecessor_urn as earlier_urn
    from asked as a
    inner join quarter as q on a.quarter = q.quarter
    inner join school_predecessor as p on coalesce(p.since <= q.ends, true)
),

named as (
    select quarter, urn
    from current_referrals
    where quarter in (select y.quarter_within from year_to as y)
        and referrals > 0
    group by quarter, urn
    union
    select quarter, urn_attended as urn
    from current_referrals
    where quarter in (select y.quarter_within from year_to as y)
        and referrals > 0
    group by quarter, urn_attended
),

seen as (
    select distinct y.quarter, l.urn
    from named as n
    inner join year_to as y on n.quarter = y.quarter_within
    inner join line as l
        on y.quarter = l.quarter
        and n.urn = l.earlier_urn
),

-- Each quarter's rows are read once, however many years it is in.
made_by_schools as (
    select quarter, borough_code, sum(referrals) as referrals,
        sum(referrals) filter (where urn is not null) as with_urn
    from current_referrals
    where quarter in (select y.quarter_within from year_to as y)
        and source = '2A'
    group by quarter, borough_code
),

from_schools as (
    select y.quarter, m.borough_code, sum(m.with_urn) / nullif(sum(m.referrals), 0) as urn_share
    from made_by_schools as m
    inner join year_to as y on m.quarter = y.quarter_within
    group by y.quarter, m.borough_code
),

submitted as (
    select y.quarter, s.borough_code
    from year_to as y
    inner join submission_status as s on y.quarter_within = s.quarter
    where s.extract = 'referrals'
    group by y.quarter, s.borough_code
    having count(*) = 4
),

around as (
    select borough_code, borough_code as other_code
    from borough
    union all
    select borough_code, adjoining_borough_code as other_code
    from adjoining
),

judged_borough as (
    select a.quarter, n.borough_code,
        case
            when count(*) > count(s.borough_code) then 'not_submitted'
            when coalesce(any_value(f.urn_share), -1) < any_value(t.least_urn_share)
                then 'few_with_urn'
        end as reason
    from asked as a
    cross join around as n
    inner join setting as t on n.borough_code = t.borough_code
    left join submitted as s
        on a.quarter = s.quarter
        and n.other_code = s.borough_code
    left join from_schools as f
        on a.quarter = f.quarter
        and n.borough_code = f.borough_code
    group by a.quarter, n.borough_code
),

surveyed as (
    select v.quarter, l.urn,
        arg_max(v.valid_answers, (v.answer_quarter, l.urn = v.urn)) as answers,
        arg_max(v.a_lot_or_sometimes, (v.answer_quarter, l.urn = v.urn)) as a_lot_or_sometimes
    from standing_survey as v
    inner join line as l
        on v.quarter = l.quarter
        and v.urn = l.earlier_urn
    where v.quarter = any($quarters::varchar[])
        and v.respondent = 'child'
        and v.question = 'harassment happens'
    group by v.quarter, l.urn
),

prevailing as (
    select s.quarter, s.urn, v.answers, v.a_lot_or_sometimes / nullif(v.answers, 0) as prevalence,
        v.answers >= t.least_answers as has_enough
    from school as s
    inner join setting as t on s.borough_code = t.borough_code
    inner join surveyed as v
        on s.quarter = v.quarter
        and s.urn = v.urn
),

quartile as (
    select quarter, quantile_cont(prevalence, 0.75) as starts_at
    from prevailing
    where has_enough
    group by quarter
    having count(*) >= 4
),

testified as (
    select y.quarter, l.urn, arg_max(t.testimonies, t.quarter) > 0 as testimonies
    from asked as y
    inner join current_testimonies as t on y.quarter >= t.quarter
    inner join line as l
        on y.quarter = l.quarter
        and t.urn = l.earlier_urn
    group by y.quarter, l.urn, t.urn
),

named_in_testimony as (
    select quarter, urn, bool_or(testimonies) as testimonies
    from testified
    group by quarter, urn
),

asked_of_testimonies as (
    select distinct a.quarter, s.borough_code
    from asked as a
    inner join submission_status as s on a.quarter >= s.quarter
    where s.extract = 'testimonies'
),

reported as (
    select a.quarter, a.urn, max(r.hsb_reports_two_years) as hsb_reports_two_years,
        any_value(a.answer_quarter) as answer_quarter
    from standing_answer as a
    inner join current_school_safeguarding as r
        on a.submission_id = r.submission_id
        and a.answer_quarter = r.quarter
        and a.answer_borough = r.borough_code
        and a.answer_urn = r.urn
    where a.extract = 'school_safeguarding'
        and a.reason is null
        and a.quarter = any($quarters::varchar[])
        and r.hsb_reports_two_years is not null
    group by a.quarter, a.urn
),

told as (
    select s.quarter, s.borough_code, s.urn, j.reason, p.prevalence, p.answers,
        n.urn is not null as has_referral,
        case when p.has_enough then p.prevalence > 0 and p.prevalence >= q.starts_at end
            as in_top_quartile,
        case when t.urn is not null or b.borough_code is not null
            then coalesce(t.testimonies, false)
        end as testimonies,
        r.hsb_reports_two_years, r.answer_quarter as hsb_reports_quarter,
        s.phase in ('secondary', 'middle deemed secondary', 'all-through')
        or coalesce(
            s.phase_source = 'derived from ages' and s.high_age > 11 and s.low_age < 16, false
        ) as is_secondary_age
    from school as s
    inner join asked as a on s.quarter = a.quarter
    inner join judged_borough as j
        on s.quarter = j.quarter
        and s.borough_code = j.borough_code
    left join seen as n
        on s.quarter = n.quarter
        and s.urn = n.urn
    left join prevailing as p
        on s.quarter = p.quarter
        and s.urn = p.urn
    left join quartile as q on s.quarter = q.quarter
    left join named_in_testimony as t
        on s.quarter = t.quarter
        and s.urn = t.urn
    left join asked_of_testimonies as b
        on s.quarter = b.quarter
        and s.borough_code = b.borough_code
    left join reported as r
        on s.quarter = r.quarter
        and s.urn = r.urn
)

select quarter, borough_code, urn,
    case
        when not is_secondary_age then 'not_applicable'
        when reason is not null then 'unknown'
        when not has_referral and (coalesce(in_top_quartile, false) or coalesce(testimonies, false))
            then 'no_referral_seen'
        else 'not_flagged'
    end as no_referral_state,
    case when is_secondary_age then reason end as no_referral_reason, prevalence,
    answers as prevalence_answers, in_top_quartile, testimonies, hsb_reports_two_years,
    hsb_reports_quarter
from told
