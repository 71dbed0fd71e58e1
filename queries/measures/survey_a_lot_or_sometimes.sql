-- How many answers "a lot" or "sometimes" to each question of the perception survey stand in each borough?
-- `breakdown` is who was asked, `category` the question. There is no row where nothing stands, and a
-- 0 where it stands and nobody answered: no answers are not the same as not asked.
-- grain: one row per quarter, borough, respondent and question of which answers stand
-- $quarters (list): calendar quarters
select quarter, borough_code, respondent as breakdown, question as category,
    sum(a_lot_or_sometimes)::bigint as value
from standing_survey
where quarter = any($quarters::varchar[])
group by quarter, borough_code, respondent, question
