-- Which schools of a borough does a testimony name, and how does the police engage with them? For the
-- borough's own lead alone: asked of the exact store. Whether one names the school, never how many.
-- own: exact
-- grain: one row per school that a testimony names, in alphabetical order
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
select s.urn, s.school_name, s.school_type, s.phase, i.state as police_engagement,
    i.reason as police_reason, i.evidence as police_evidence, g.no_referral_state,
    g.no_referral_reason
from school_signal as g
inner join school as s
    on g.quarter = s.quarter
    and g.borough_code = s.borough_code
    and g.urn = s.urn
left join indicator_state as i
    on g.quarter = i.quarter
    and g.borough_code = i.borough_code
    and g.urn = i.urn
    and i.indicator = 'police_engagement'
where g.quarter = $quarter
    and g.borough_code = $borough
    and g.testimonies
order by s.school_name, s.urn
