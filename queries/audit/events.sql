-- What happened, by whom, in a period?
-- grain: one row per event, the newest first
-- $who (optional): a part of the person's key or name; capitals do not matter
-- $what (optional): the kind of event
-- $role (optional): the role in which it was done
-- $outcome (optional): the outcome
-- $first: the first moment, UTC
-- $last: the last moment, UTC
-- $most: the most events to answer with
select at_utc, who, role, what, on_what, outcome
from audit_event
where at_utc between $first and $last
    and ($who is null or contains(lower(who), lower($who)))
    and ($what is null or what = $what)
    and ($role is null or role = $role)
    and ($outcome is null or outcome = $outcome)
order by at_utc desc
limit $most
