-- Every phase is one that the reference data knows.
-- grain: one row per faulty cell
-- extracts: schools
-- severity: warning
-- message: the phase {value} is not known here
-- fix: It is derived from the ages until data/reference/phases.csv has it.
select u.row_no, 'phase_of_education' as "column", u.phase_of_education as value
from upload as u
anti join phase as p
    on lower(regexp_replace(u.phase_of_education, '[^A-Za-z0-9]', '', 'g'))
    = p.phase_of_education
where u.phase_of_education is not null
order by u.row_no
