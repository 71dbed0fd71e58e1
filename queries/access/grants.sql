-- Who was given which role, and what of it was ended?
-- grain: one row per grant, as its newest version has it; the newest grant first
select grant_id, version, holder, holder_name, role, boroughs, extracts, valid_from, ended_at,
    by_whom, noted_at
from access_grant
qualify row_number() over (partition by grant_id order by version desc, noted_at desc) = 1
order by valid_from desc, grant_id desc
