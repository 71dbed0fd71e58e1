-- What did DfE publish of factors identified at the end of assessment? Of a file with a breakdown
-- into categories the total alone.
-- grain: one row per year that ends on 31 March and borough
select year, geographic_level, borough_code, assessments, assessments_symbol, child_on_child,
    child_on_child_symbol
from current_cin_factors
where category is null or lower(category) in ('total', 'all')
qualify row_number() over (partition by year, borough_code order by category desc) = 1
