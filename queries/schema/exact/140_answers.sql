-- What a school answered, and which answer stands in a quarter.

-- grain: one row per topic that schools answer about
create or replace view school_topic as
select t.extract, t.topic, e.valid_for_count, e.valid_for_unit
from (values
    ('training', 'DSL'),
    ('training', 'HSB'),
    ('police_engagement', 'engagement')
) as t (extract, topic)
inner join extract as e on t.extract = e.extract;

-- grain: one row per row of a training submission that stands
create or replace view current_training as
select t.*,
    case
        when t.course in ('DSL initial', 'DSL refresher', 'deputy DSL') then 'DSL'
        when t.course in ('HSB specialist', 'multi-agency HSB') then 'HSB'
        else t.course
    end as topic
from training as t
inner join submission_status as c
    on t.submission_id = c.submission_id
    and t.quarter = c.quarter
    and t.borough_code = c.borough_code
where c.extract = 'training';

-- grain: one row per row of a police engagement submission that stands
create or replace view current_police_engagement as
select p.*
from police_engagement as p
inner join submission_status as c
    on p.submission_id = c.submission_id
    and p.quarter = c.quarter
    and p.borough_code = c.borough_code
where c.extract = 'police_engagement';

-- grain: one row per row of a referrals submission that stands
create or replace view current_referrals as
select r.*
from referrals as r
inner join submission_status as c
    on r.submission_id = c.submission_id
    and r.quarter = c.quarter
    and r.borough_code = c.borough_code
where c.extract = 'referrals';

-- grain: one row per extract, topic, quarter and school that answered
create or replace view school_answer as
select distinct 'training' as extract, topic, quarter, urn, submission_id
from current_training
where urn is not null
union all
select distinct 'police_engagement' as extract, 'engagement' as topic, quarter, urn, submission_id
from current_police_engagement;

-- The answer that stands for each school and topic: queries/standing/answers.sql, kept.
-- grain: one row per quarter, school in scope and topic
create table if not exists standing_answer (
    quarter varchar not null,
    borough_code varchar not null,
    urn integer not null,
    extract varchar not null,
    topic varchar not null,
    answer_quarter varchar,
    submission_id varchar,
    reason varchar
);
