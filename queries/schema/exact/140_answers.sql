-- What a school answered, and which answer stands in a quarter.

-- What the headers of the indicators ask of schools. `part`: what of an extract a school answers as
-- one. Courses of one topic are in a file, or not; any other return is answered as a whole.
-- grain: one row per topic that schools answer about
create or replace view school_topic as
select distinct e.extract, i.topic, case e.extract when 'training' then i.topic else 'whole' end
    as part, e.valid_for_count, e.valid_for_unit
from indicator as i
inner join extract as e on i.extracts[1] = e.extract
where i.topic is not null;

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

-- grain: one row per school's return that stands
create or replace view current_school_safeguarding as
select r.*
from school_safeguarding as r
inner join submission_status as c
    on r.submission_id = c.submission_id
    and r.quarter = c.quarter
    and r.borough_code = c.borough_code
where c.extract = 'school_safeguarding';

-- The answers of a return as rows: yes, no, not asked or no reply.
-- grain: one row per school's return that stands and topic
create or replace view school_yes_no as
select 'school_safeguarding' as extract, submission_id, quarter, borough_code, urn, topic, answer
from (
    select columns(* exclude (
        row_no, self_evaluation_met, self_evaluation_applicable, hsb_reports_two_years
    ))
    from current_school_safeguarding
) unpivot (
    answer for topic in (columns(* exclude (submission_id, quarter, borough_code, urn)))
);

-- grain: one row per row of a referrals submission that stands
create or replace view current_referrals as
select r.*
from referrals as r
inner join submission_status as c
    on r.submission_id = c.submission_id
    and r.quarter = c.quarter
    and r.borough_code = c.borough_code
where c.extract = 'referrals';

-- A school may answer twice in a quarter: in the parts of two boroughs.
-- grain: one row per extract, part, quarter, school and borough whose part of the file it is in
create or replace view school_answer as
select distinct 'training' as extract, topic as part, quarter, urn, borough_code, submission_id
from current_training
where urn is not null
union all
select 'police_engagement' as extract, 'whole' as part, quarter, urn, borough_code, submission_id
from current_police_engagement
union all
select 'school_safeguarding' as extract, 'whole' as part, quarter, urn, borough_code,
    submission_id
from current_school_safeguarding;

-- The answer that stands for each school and topic: queries/standing/answers.sql, kept. Its row is
-- the one of `answer_urn` in `answer_borough`'s part of the submission for `answer_quarter`;
-- `answer` is what it says, of topics that are answered in words.
-- grain: one row per quarter, school in scope and topic
create table if not exists standing_answer (
    quarter varchar not null,
    borough_code varchar not null,
    urn integer not null,
    extract varchar not null,
    topic varchar not null,
    answer_quarter varchar,
    answer_borough varchar,
    answer_urn integer,
    submission_id varchar,
    answer varchar,
    reason varchar
);

-- Every school with the answer that stands, and what decides whether it is asked at all. Ages that
-- are not known, or reversed, leave it to the phase. A primary school's highest age of 11 is that
-- of pupils about to leave. `answer_state` and `answer_reason` are those of a question that yes
-- meets. `evidence_urn` and `origin` tell evidence that a predecessor gave.
-- grain: one row per quarter, school in scope and topic
create or replace view school_asked as
with aged as (
    select *,
        case when low_age <= high_age or low_age is null then high_age end as oldest,
        phase = 'nursery' or school_type = 'nursery' as is_nursery
    from school
)

select s.quarter, s.borough_code, s.urn, s.school_type, s.phase, s.is_nursery,
    coalesce(s.oldest >= 7, not s.is_nursery) as has_pupils_of_7,
    coalesce(
        s.oldest > 11 or (s.oldest = 11 and s.phase <> 'primary'),
        not s.is_nursery and s.phase <> 'primary'
    ) as has_pupils_of_11,
    a.topic, a.answer, a.reason, a.answer_quarter, a.answer_borough, a.answer_urn,
    a.submission_id,
    case when a.answer_urn <> s.urn then a.answer_urn end as evidence_urn,
    case when a.answer_urn <> s.urn then ', from predecessor' else '' end as origin,
    case
        when a.reason is not null or a.answer in ('not asked', 'no reply') then 'unknown'
        when a.answer = 'yes' then 'met'
        when a.answer = 'no' then 'gap'
    end as answer_state,
    case
        when a.reason is not null then a.reason
        when a.answer = 'not asked' then 'not_asked'
        when a.answer = 'no reply' then 'no_reply'
    end as answer_reason,
    a.answer || ' in ' || a.answer_quarter || origin as answer_evidence
from aged as s
inner join standing_answer as a
    on s.quarter = a.quarter
    and s.borough_code = a.borough_code
    and s.urn = a.urn;
