-- How many residents has each borough, by the mid-year estimates that stand?
-- grain: one row per borough, year and age group
select borough_code, year, age_group, residents
from current_population
