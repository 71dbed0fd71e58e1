-- How many rows does the store hold of an extract, whatever their submission?
-- grain: one row
-- $extract: the extract, which is the table's name
select count(*) as row_count
from query_table($extract)
