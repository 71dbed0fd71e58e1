-- Remove the mark of a release that is about to be written again.
-- grain: no row; changes one row or none
-- $release_id: the release
delete from release
where release_id = $release_id
