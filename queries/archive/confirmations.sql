-- What did somebody confirm, and when: mappings of columns, figures of boroughs, releases and their
-- withdrawals? `at` null: it brings rows.
-- grain: one row per confirmation
select 'column_mapping' as folder, mapping_id as "of", confirmed_at as "at"
from column_mapping
union all
select 'figure_confirmation' as folder, quarter || '-' || borough_code as "of", at_utc as "at"
from figure_confirmation
union all
select 'release' as folder, release_id as "of", null as "at"
from release
union all
select 'release' as folder, release_id as "of", at_utc as "at"
from release_event
order by "at", folder, "of"
