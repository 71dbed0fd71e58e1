-- AIM assessments and criminal justice outcomes are no more than the referrals.
-- grain: one row per faulty cell
-- extracts: referrals
-- severity: error
-- message: {value} is more than the referrals of the row
-- fix: A part cannot be more than the whole; correct one of the two.
select row_no, 'aim_assessments' as "column", aim_assessments::varchar as value
from upload
where aim_assessments > referrals
union all
select row_no, 'criminal_justice' as "column", criminal_justice::varchar as value
from upload
where criminal_justice > referrals
order by row_no
