-- Which mapping applies to a file of this layout?
-- grain: one row, or none where nobody mapped the layout
-- $extract: the extract that the file is of
-- $fingerprint: the hash of its headings
select mapping_id, name, content, confirmed_by, confirmed_at
from column_mapping
where extract = $extract and fingerprint = $fingerprint
order by confirmed_at desc
limit 1
