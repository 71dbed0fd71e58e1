-- What is worked out of states and settings where it is asked for.

-- The Wilson score interval of `met` out of `n` (Wilson 1927, doi:10.1080/01621459.1927.10502953),
-- 95%: z = 1.959964. Null where n is 0 and where either is not known: `greatest` skips nulls.
create or replace macro wilson_low(met, n) as
case when n > 0 and met >= 0 then greatest(0, (
    met / n + 1.959964 ^ 2 / (2 * n) - 1.959964 * sqrt(
        met / n * (1 - met / n) / n + 1.959964 ^ 2 / (4 * n ^ 2)
    )
) / (1 + 1.959964 ^ 2 / n)) end;

create or replace macro wilson_high(met, n) as
case when n > 0 and met >= 0 then least(1, (
    met / n + 1.959964 ^ 2 / (2 * n) + 1.959964 * sqrt(
        met / n * (1 - met / n) / n + 1.959964 ^ 2 / (4 * n ^ 2)
    )
) / (1 + 1.959964 ^ 2 / n)) end;

-- A school's gap score: the points of its gaps over the points that apply and are known, with the
-- weights of its borough's partnership. Hidden, and null, where more than the partnership's share
-- of the points that apply is unknown, or nothing that is known applies. To be asked within one
-- borough only: it ranks no schools across London.
-- grain: one row per quarter and school in scope
create or replace view school_score as
with weighed as (
    select i.quarter, i.borough_code, i.urn, i.state, w.value as points,
        t.value as most_unknown
    from indicator_state as i
    inner join borough_setting as w
        on i.borough_code = w.borough_code
        and w.setting = 'weight.' || i.indicator
    inner join borough_setting as t
        on i.borough_code = t.borough_code
        and t.setting = 'gap_score_unknown_share'
),

summed as (
    select quarter, borough_code, urn,
        count(*) filter (where state = 'gap') as gaps,
        count(*) filter (where state = 'unknown') as unknown,
        count(*) filter (where state <> 'not_applicable') as applicable,
        coalesce(sum(points) filter (where state = 'gap'), 0) as points_gap,
        coalesce(sum(points) filter (where state in ('met', 'gap')), 0) as points_known,
        coalesce(sum(points) filter (where state <> 'not_applicable'), 0) as points_applicable,
        any_value(most_unknown) as most_unknown
    from weighed
    group by quarter, borough_code, urn
),

judged as (
    select *,
        points_known = 0
        or (points_applicable - points_known) / points_applicable > most_unknown as hidden
    from summed
)

select quarter, borough_code, urn, gaps, unknown, applicable, points_gap, points_known,
    points_applicable, case when not hidden then points_gap / points_known end as score, hidden
from judged;
