-- Remove what indicators of areas said of quarters that the store no longer answers for, and what
-- indicators said that there are no longer.
-- grain: no row; changes one row per indicator, quarter, level and area
-- $indicators (list): names of all indicators of borough grain
delete from area_value
where quarter not in (select h.quarter from held_quarter as h)
    or not (indicator = any($indicators::varchar[]))
