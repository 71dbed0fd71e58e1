-- What does the store note in one of the tables that are archived?
-- grain: one row per row of the table
-- $table: submission, submission_pair, submission_event, carried_over, column_mapping …
select *
from query_table($table)
