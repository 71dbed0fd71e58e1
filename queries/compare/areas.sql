-- Which areas can be chosen to compare: London, its halves, every borough, and every group of two or
-- more boroughs?
-- grain: one row per area; London first, then halves, boroughs and groups by kind and name
select area_id, level, area_code, area, list_sort(list(borough_code)) as boroughs,
    any_value(members) as members, any_value(members_elsewhere) as members_elsewhere
from area_member
group by area_id, level, area_code, area
having level in ('borough', 'london', 'neighbours') or any_value(members) > 1
order by
    list_position(
        ['london', 'inner or outer', 'borough', 'partnership', 'command unit',
            'integrated care board', 'neighbours'], level
    ),
    area
