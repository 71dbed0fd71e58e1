-- Which event was sealed with what?
-- grain: one row per event or seal, where either lacks the other too; the oldest first
select coalesce(e.at_utc, s.at_utc) as at_utc, e.who, e.role, e.what, e.on_what, e.outcome, s.seal
from audit_event as e
full join audit_seal as s on e.at_utc = s.at_utc
order by at_utc
