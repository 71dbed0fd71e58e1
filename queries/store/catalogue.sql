-- Which columns have the tables of this store, and of which type?
-- grain: one row per table and column
select
    c.table_name,
    c.column_name,
    c.data_type
from duckdb_columns() as c
inner join duckdb_tables() as t
    on c.table_oid = t.table_oid and c.database_oid = t.database_oid
where not c.internal and not t.temporary
order by c.table_name asc, c.column_name asc
