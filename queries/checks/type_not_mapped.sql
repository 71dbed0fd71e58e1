-- Every type of establishment is one that the reference data maps.
-- grain: one row per faulty cell
-- extracts: schools
-- severity: warning
-- message: the type of establishment {value} is not known here
-- fix: It is shown as "not mapped" until data/reference/school_types.csv has it.
select u.row_no, 'type_of_establishment' as "column", u.type_of_establishment as value
from upload as u
anti join school_type as t
    on lower(regexp_replace(u.type_of_establishment, '[^A-Za-z0-9]', '', 'g'))
    = t.type_of_establishment
order by u.row_no
