-- Rows that stand of the extracts that figures, open tables and signals rest on. Asked of the exact
-- store alone.

-- grain: one row per row of a LADO submission that stands
create or replace view current_lado as
select l.*
from lado as l
inner join submission_status as c
    on l.submission_id = c.submission_id
    and l.quarter = c.quarter
    and l.borough_code = c.borough_code
where c.extract = 'lado';

-- grain: one row per row of a perception survey that stands
create or replace view current_perception_survey as
select p.*
from perception_survey as p
inner join submission_status as c
    on p.submission_id = c.submission_id
    and p.quarter = c.quarter
    and p.borough_code = c.borough_code
where c.extract = 'perception_survey';

-- grain: one row per school and quarter of a submission of testimonies that stands
create or replace view current_testimonies as
select t.*
from testimonies as t
inner join submission_status as c
    on t.submission_id = c.submission_id
    and t.quarter = c.quarter
    and t.borough_code = c.borough_code
where c.extract = 'testimonies';

-- grain: one row per row of a partnership review that stands
create or replace view current_partnership_review as
select r.*
from partnership_review as r
inner join submission_status as c
    on r.submission_id = c.submission_id
    and r.quarter = c.quarter
    and r.borough_code = c.borough_code
where c.extract = 'partnership_review';

-- grain: one row per row of a message log that stands
create or replace view current_message_log as
select m.*
from message_log as m
inner join submission_status as c
    on m.submission_id = c.submission_id
    and m.quarter = c.quarter
    and m.borough_code = c.borough_code
where c.extract = 'message_log';

-- A mid-year estimate is of the quarter that ends on 30 June of its year.
-- grain: one row per borough, year and age group that stands
create or replace view current_population as
select p.*
from population as p
inner join submission_status as c
    on p.submission_id = c.submission_id
    and p.borough_code = c.borough_code
    and p.year || '-Q2' = c.quarter
where c.extract = 'population';

-- A year of the children in need census is of the quarter that ends on 31 March.
-- grain: one row per borough, year and category that stands
create or replace view current_cin_factors as
select f.*
from cin_factors as f
inner join submission_status as c
    on f.submission_id = c.submission_id
    and f.borough_code = c.borough_code
    and f.year || '-Q1' = c.quarter
where c.extract = 'cin_factors';

-- The latest-dated list of each borough's statistical neighbours.
-- grain: one row per borough and rank
create or replace view current_neighbours as
with latest as (
    select borough_code, arg_max(submission_id, quarter) as submission_id
    from submission_status
    where extract = 'neighbours'
    group by borough_code
)

select n.*
from neighbours as n
inner join latest as l
    on n.submission_id = l.submission_id
    and n.borough_code = l.borough_code;

-- The answers to the perception survey that stand in each held quarter: the last of each school (or
-- of a borough's answers without one), group and question, within the contract's validity. `all` is
-- taken where a file gives it beside girls and boys.
-- grain: one row per held quarter, borough, school or none, respondent and question
create or replace view standing_survey as
with answer as (
    select quarter, borough_code, urn, respondent, question,
        coalesce(sum(valid_answers) filter (where sex = 'all'), sum(valid_answers))
            as valid_answers,
        coalesce(sum(a_lot + sometimes) filter (where sex = 'all'), sum(a_lot + sometimes))
            as a_lot_or_sometimes
    from current_perception_survey
    group by quarter, borough_code, urn, respondent, question
)

select h.quarter, a.borough_code, a.urn, a.respondent, a.question,
    arg_max(a.valid_answers, a.quarter)::bigint as valid_answers,
    arg_max(a.a_lot_or_sometimes, a.quarter)::bigint as a_lot_or_sometimes,
    max(a.quarter) as answer_quarter
from held_quarter as h
inner join answer as a on h.quarter >= a.quarter
inner join extract as e on e.extract = 'perception_survey'
inner join quarter as q on h.quarter = q.quarter
inner join quarter as qa on a.quarter = qa.quarter
where case e.valid_for_unit
    when 'month' then date_diff('month', qa.ends, q.ends) <= e.valid_for_count
    else q.term_no - qa.term_no < e.valid_for_count
end
group by h.quarter, a.borough_code, a.urn, a.respondent, a.question;

-- What a borough's own lead is told about a school and nobody else. `no_referral_state` is
-- no_referral_seen, not_flagged, unknown (with its reason) or not_applicable: a reason to talk, not
-- a finding. `prevalence` is the share of children who say that harassment happens. `testimonies` is null where none were ever submitted for the borough.
-- grain: one row per held quarter and school in scope
create table if not exists school_signal (
    quarter varchar not null,
    borough_code varchar not null,
    urn integer not null,
    no_referral_state varchar not null,
    no_referral_reason varchar,
    prevalence double,
    prevalence_answers bigint,
    in_top_quartile boolean,
    testimonies boolean,
    hsb_reports_two_years integer,
    hsb_reports_quarter varchar
);
