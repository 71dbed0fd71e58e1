-- On which day is each borough's review due, where somebody set it?
-- grain: one row per borough that was set, as it was set last
select borough_code, due, by_whom, noted_at
from review_deadline
qualify row_number() over (partition by borough_code order by noted_at desc) = 1
order by borough_code
