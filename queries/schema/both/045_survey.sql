-- The perception survey as figures have it, exact in the exact store and released in the other.

-- The share of a group that answers "a lot" or "sometimes", with its Wilson interval.
-- grain: one row per quarter, level, area, respondent and question of which answers stand
create or replace view survey_share as
with cell as (
    select quarter, level, area_code, breakdown as respondent, category as question,
        max(areas_submitted) as areas_submitted,
        max(value) filter (where measure = 'survey_valid_answers') as valid_answers,
        max(value) filter (where measure = 'survey_a_lot_or_sometimes') as often,
        bool_or(marker is not null) as is_withheld,
        any_value(release_id) as release_id
    from figure
    where measure in ('survey_valid_answers', 'survey_a_lot_or_sometimes')
        and breakdown in ('child', 'parent', 'school')
    group by quarter, level, area_code, breakdown, category
)

select quarter, level, area_code, respondent, question, valid_answers,
    case when not is_withheld then often end as often,
    case when not is_withheld then often / nullif(valid_answers, 0) end as share,
    case when not is_withheld then wilson_low(often, valid_answers) end as low,
    case when not is_withheld then wilson_high(often, valid_answers) end as high,
    case when is_withheld then 'c' end as marker, areas_submitted, release_id
from cell;

-- By how many points children say "a lot" or "sometimes" more often than adults of the same
-- boroughs: those that asked both. Its own numbers where every borough of the area that asked the
-- one asked the other too, else the sum of its boroughs that asked both. The interval of a
-- difference of shares: Newcombe 1998 (Statistics in Medicine 17:873), method 10, of two Wilson
-- intervals.
-- grain: one row per quarter, level, area, adult (parent, school) and question that both were asked
create or replace view survey_gap as
with pair as (
    select c.quarter, c.level, c.area_code, a.respondent as adult, c.question,
        c.valid_answers as n_child, c.often as k_child, a.valid_answers as n_adult,
        a.often as k_adult, coalesce(c.marker, a.marker) is not null as is_withheld,
        greatest(c.areas_submitted, a.areas_submitted) as areas_submitted, c.release_id
    from survey_share as c
    inner join survey_share as a
        on c.quarter = a.quarter
        and c.level = a.level
        and c.area_code = a.area_code
        and c.question = a.question
    where c.respondent = 'child'
        and a.respondent <> 'child'
),

both_asked as (
    select p.quarter, a.level, a.area_code, p.adult, p.question, count(*)::integer as boroughs,
        sum(p.n_child) as n_child, sum(p.k_child) as k_child, sum(p.n_adult) as n_adult,
        sum(p.k_adult) as k_adult, bool_or(p.is_withheld) as is_withheld
    from pair as p
    inner join area_borough as a on p.area_code = a.borough_code
    where p.level = 'borough'
    group by p.quarter, a.level, a.area_code, p.adult, p.question
),

-- Where each of the two was asked in as many boroughs as both were, it was asked in the same ones.
compared as (
    select p.quarter, p.level, p.area_code, p.adult, p.question, b.boroughs, p.release_id,
        p.areas_submitted = b.boroughs as is_own,
        case when is_own then p.n_child else b.n_child end as n1,
        case when is_own then p.k_child else b.k_child end as k1,
        case when is_own then p.n_adult else b.n_adult end as n2,
        case when is_own then p.k_adult else b.k_adult end as k2,
        case when is_own then p.is_withheld else b.is_withheld end as is_withheld
    from pair as p
    inner join both_asked as b
        on p.quarter = b.quarter
        and p.level = b.level
        and p.area_code = b.area_code
        and p.adult = b.adult
        and p.question = b.question
),

difference as (
    select *, k1 / nullif(n1, 0) as p1, k2 / nullif(n2, 0) as p2,
        wilson_low(k1, n1) as l1, wilson_high(k1, n1) as u1,
        wilson_low(k2, n2) as l2, wilson_high(k2, n2) as u2
    from compared
)

select quarter, level, area_code, adult, question,
    case when not is_withheld then (n1 + n2)::bigint end as valid_answers,
    case when not is_withheld then 100.0 * (p1 - p2) end as points,
    case when not is_withheld
        then 100.0 * (p1 - p2 - sqrt((p1 - l1) ^ 2 + (u2 - p2) ^ 2))
    end as low,
    case when not is_withheld
        then 100.0 * (p1 - p2 + sqrt((u1 - p1) ^ 2 + (p2 - l2) ^ 2))
    end as high,
    case when is_withheld then 'c' end as marker, boroughs as areas_submitted, release_id
from difference;
