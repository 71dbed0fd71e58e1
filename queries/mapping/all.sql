-- Which layouts were mapped, by whom and when?
-- grain: one row per confirmed mapping, newest first
-- $extract (optional): one extract alone
select mapping_id, extract, name, fingerprint, confirmed_by, confirmed_at
from column_mapping
where ($extract::varchar is null or extract = $extract)
order by confirmed_at desc
