-- Which schemas did the data of this store go through? The mark that store_version bears.
-- grain: one row, or none before there is a table store_version
select comment
from duckdb_tables()
where table_name = 'store_version' and not temporary
