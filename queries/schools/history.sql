-- How did a school stand on each indicator in every quarter?
-- grain: one row per indicator and quarter
-- $urn: the school
select indicator, quarter, state, reason, evidence, evidence_quarter
from indicator_state
where urn = $urn::integer
order by indicator, quarter
