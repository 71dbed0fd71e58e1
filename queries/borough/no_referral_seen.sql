-- In which secondary-age schools of a borough was no referral seen, and why is that a reason to talk?
-- Asked of the exact store alone, for the borough's own lead.
-- own: exact
-- grain: one row per school where none was seen
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
select s.urn, s.school_name, s.school_type, s.phase, s.pupils, g.prevalence, g.prevalence_answers,
    g.in_top_quartile, g.testimonies
from school_signal as g
inner join school as s
    on g.quarter = s.quarter
    and g.borough_code = s.borough_code
    and g.urn = s.urn
where g.quarter = $quarter
    and g.borough_code = $borough
    and g.no_referral_state = 'no_referral_seen'
order by s.school_name, s.urn
