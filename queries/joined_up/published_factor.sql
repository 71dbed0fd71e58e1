-- What does DfE publish of child-on-child sexual abuse in each borough, and how many HSB referrals did
-- the borough itself report in the four quarters to this one? Symbols stand as they were published.
-- The share is in percent, with its 95% interval.
-- grain: one row per borough, all of them, in alphabetical order; year null: nothing is held of it
-- $quarter: calendar quarter, as 2026-Q3
select b.borough_code, b.borough, p.year, p.assessments, p.assessments_symbol, p.child_on_child,
    p.child_on_child_symbol,
    100.0 * p.child_on_child / nullif(p.assessments, 0) as share,
    100.0 * wilson_low(p.child_on_child, p.assessments) as low,
    100.0 * wilson_high(p.child_on_child, p.assessments) as high,
    f.value as referrals, f.marker as referrals_marker, f.release_id
from borough as b
left join standing_factor as p
    on p.quarter = $quarter
    and b.borough_code = p.borough_code
left join figure as f
    on f.quarter = $quarter
    and f.level = 'borough'
    and b.borough_code = f.area_code
    and f.measure = 'hsb_referrals_four_quarters'
    and f.breakdown = 'total'
order by b.borough
