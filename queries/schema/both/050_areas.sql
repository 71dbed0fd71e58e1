-- Every area that can be compared with another: the areas of `area_borough`, and the statistical
-- neighbours of each borough that has any, the borough itself not among them.
-- `members_elsewhere`: neighbours outside London, of which nothing is held.
-- grain: one row per area and borough in it
create or replace view area_member as
with elsewhere as (
    select borough_code, count(*) filter (where neighbour_borough_code is null) as neighbours
    from neighbour
    group by borough_code
)

select level || ':' || area_code as area_id, level, area_code, area, borough_code,
    areas as members, 0 as members_elsewhere
from area_borough
union all
select 'neighbours:' || p.group_code as area_id, 'neighbours' as level, p.group_code as area_code,
    'Neighbours of ' || b.borough as area,
    p.member_code as borough_code,
    count(*) over (partition by p.group_code)::integer as members,
    e.neighbours::integer as members_elsewhere
from peer as p
inner join borough as b on p.borough_code = b.borough_code
inner join elsewhere as e on p.borough_code = e.borough_code
where p.kind = 'neighbours';
