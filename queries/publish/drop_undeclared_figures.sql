-- Remove the figures of measures that the lattice does not declare any more.
-- grain: no row; changes one row per measure, quarter, level, area, breakdown and category
-- $measures (list): all measures of the lattice
delete from figure
where not measure = any($measures::varchar[])
