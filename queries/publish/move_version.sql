-- Move the store on by one version, if it is still at the one that was seen.
-- grain: no row; changes one row or none
-- $seen: the version that the publisher saw
-- $at: the moment, UTC
update store_version
set version = version + 1, changed_at = $at
where version = $seen
