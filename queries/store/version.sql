-- At which version is the store, and with which reference data?
-- grain: one row, or none in a store that was never opened before
select version, reference_hash, changed_at
from store_version
