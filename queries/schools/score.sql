-- What is a school's gap score, and how is it made up?
-- Points of its gaps over the points that apply and are known; null and `hidden` where more than
-- `most_unknown` of the points that apply is unknown, or nothing that is known applies.
-- grain: one row, or none where the school is not in scope
-- $urn: the school
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code of its borough
select c.gaps, c.unknown, c.applicable, c.points_gap, c.points_known, c.points_applicable,
    c.score, c.hidden, t.value as most_unknown,
    1 - c.points_known / nullif(c.points_applicable, 0) as share_unknown
from school_score as c
inner join borough_setting as t
    on c.borough_code = t.borough_code
    and t.setting = 'gap_score_unknown_share'
where c.urn = $urn::integer
    and c.quarter = $quarter
    and c.borough_code = $borough
