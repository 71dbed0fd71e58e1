-- The URN of the referring school stands only with source 2A.
-- grain: one row per faulty cell
-- extracts: referrals
-- severity: error
-- message: a URN stands in a row whose source is {value}
-- fix: Only source 2A (schools) names the school that referred; clear the URN or correct the source.
select row_no, 'urn' as "column", source as value
from upload
where urn is not null
    and source <> '2A'
order by row_no
