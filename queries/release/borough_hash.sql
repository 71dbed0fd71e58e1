-- Which hash have all exact figures of a borough in a quarter?
-- Asked of the exact store alone.
-- grain: one row, or none where there are no figures
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
select content_hash
from borough_figures_hash
where quarter = $quarter
    and borough_code = $borough
