-- What both stores hold alike because none of it counts children: residents, neighbours, the
-- partnerships' reviews, messages to schools, training of agencies, and published figures.

-- grain: one row per borough and borough that it adjoins, by land or across the Thames; both ways
create table if not exists adjoining (
    borough_code varchar not null,
    adjoining_borough_code varchar not null,
    across varchar not null
);

-- grain: one row per borough, year of the mid-year estimate and age group
create table if not exists residents (
    borough_code varchar not null,
    year integer not null,
    age_group varchar not null,
    residents integer not null
);

-- `neighbour_borough_code` is null where the neighbour lies outside London.
-- grain: one row per borough and rank of its statistical neighbours
create table if not exists neighbour (
    borough_code varchar not null,
    rank integer not null,
    neighbour_dfe_la_code varchar not null,
    neighbour_borough_code varchar,
    closeness varchar
);

-- The status that stands in a held quarter: the last one that was reported up to it.
-- grain: one row per held quarter, borough and item of the partnership's review
create table if not exists review_item (
    quarter varchar not null,
    borough_code varchar not null,
    item varchar not null,
    status varchar not null,
    month varchar,
    answer_quarter varchar not null,
    submission_id varchar not null
);

-- `quarter` is the quarter that the message was logged for; nothing is carried forward.
-- grain: one row per quarter, borough, agency, message, school type and month
create table if not exists message (
    quarter varchar not null,
    borough_code varchar not null,
    agency varchar not null,
    message varchar not null,
    school_type varchar not null,
    schools_reached integer not null,
    month varchar not null,
    submission_id varchar not null
);

-- Staff of agencies as their last answer within its validity has them. Staff of schools are summed
-- over the borough to the nearest 5, and only where at least five schools answered: one DSL is a
-- person.
-- grain: one row per held quarter, borough, agency and course
create table if not exists agency_training (
    quarter varchar not null,
    borough_code varchar not null,
    agency varchar not null,
    course varchar not null,
    staff_in_scope bigint not null,
    staff_trained bigint not null,
    schools integer,
    answer_quarter varchar not null,
    submission_id varchar
);

-- What schools answer that is no gap of theirs; `answer` is yes, no, not asked or no reply, else the
-- reason why there is none.
-- grain: one row per held quarter, borough, school type, phase, item and answer
create table if not exists letter_answer (
    quarter varchar not null,
    borough_code varchar not null,
    school_type varchar not null,
    phase varchar not null,
    item varchar not null,
    answer varchar not null,
    schools bigint not null
);

-- What schools' self-evaluations come to; nobody else's judgement. `schools` gave both numbers.
-- grain: one row per held quarter and borough with a school whose return stands
create table if not exists self_evaluation (
    quarter varchar not null,
    borough_code varchar not null,
    schools integer not null,
    criteria_met bigint not null,
    criteria_applicable bigint not null
);

-- Establishments of the register that are open and count nowhere.
-- grain: one row per quarter, borough and type of establishment with any
create table if not exists outside_scope (
    quarter varchar not null,
    borough_code varchar not null,
    type_of_establishment varchar not null,
    establishments integer not null
);

-- DfE's published series. A symbol (c, x, z, u, low) stands beside a number that is null.
-- grain: one row per year that ends on 31 March and borough
create table if not exists published_factor (
    year integer not null,
    geographic_level varchar not null,
    borough_code varchar not null,
    assessments integer,
    assessments_symbol varchar,
    child_on_child integer,
    child_on_child_symbol varchar
);

-- The boroughs that make up each area of a level. A command unit's code is text: North Area's is
-- `NA`. The City of London has no command unit.
-- grain: one row per level, area and borough in it
create or replace view area_borough as
with placed as (
    select a.level, a.area_code, a.area, b.borough_code
    from borough as b
    cross join lateral (values
        ('borough', b.borough_code, b.borough),
        ('partnership', b.partnership, b.partnership),
        ('command unit', b.police_bcu_code, b.police_bcu),
        ('integrated care board', b.icb_2022, b.icb_2022),
        ('inner or outer', b.inner_outer_dfe, b.inner_outer_dfe || ' London'),
        ('london', 'London', 'London')
    ) as a (level, area_code, area)
)

select level, area_code, area, borough_code,
    count(*) over (partition by level, area_code)::integer as areas
from placed
where area_code is not null;

-- grain: one row per level and area
create or replace view area as
select distinct level, area_code, area, areas
from area_borough;

-- The residents that rates of a quarter are over: of the latest mid-year estimate (30 June) up to the
-- quarter's end, or of the earliest where none is so early.
-- grain: one row per held quarter and borough with an estimate
create or replace view standing_residents as
select h.quarter, r.borough_code,
    coalesce(
        arg_max(r.residents, r.year) filter (where make_date(r.year, 6, 30) <= q.ends),
        arg_min(r.residents, r.year)
    ) as residents,
    coalesce(
        max(r.year) filter (where make_date(r.year, 6, 30) <= q.ends), min(r.year)
    ) as year
from held_quarter as h
inner join quarter as q on h.quarter = q.quarter
cross join residents as r
where r.age_group = '0-17'
group by h.quarter, r.borough_code;

-- The published factors that stand in a quarter: of the latest year that ended (31 March) by the
-- quarter's end.
-- grain: one row per held quarter and borough with a year that ended by then
create or replace view standing_factor as
select h.quarter, f.*
from held_quarter as h
inner join quarter as q on h.quarter = q.quarter
inner join published_factor as f on q.ends >= make_date(f.year, 3, 31)
qualify row_number() over (partition by h.quarter, f.borough_code order by f.year desc) = 1;

-- With whom a borough is compared. `group_code` is the area_code of the level `kind`; statistical
-- neighbours are no level, so theirs is the borough itself, which is not among its own members.
-- Neighbours outside London are left out: whoever asks counts them in `neighbour`.
-- grain: one row per borough, kind of group and borough in the group
create or replace view peer as
select own.borough_code, own.level as kind, own.area as name, own.area_code as group_code,
    member.borough_code as member_code
from area_borough as own
inner join area_borough as member
    on own.level = member.level
    and own.area_code = member.area_code
where own.level <> 'borough'
union all
select n.borough_code, 'neighbours' as kind, 'Statistical neighbours' as name,
    n.borough_code as group_code, n.neighbour_borough_code as member_code
from neighbour as n
where n.neighbour_borough_code is not null;
