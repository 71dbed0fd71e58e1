-- Which mappings of columns did somebody confirm, and when?
-- grain: one row per confirmed mapping
select mapping_id, confirmed_at
from column_mapping
order by confirmed_at
