-- Which releases were made, and which stands for its quarter?
-- grain: one row per release, the newest first
select r.release_id, r.number, r.quarter,
    case
        when w.at_utc is not null then 'withdrawn'
        when s.release_id is not null then 'stands'
        else 'superseded'
    end as standing,
    r.made_at, r.made_by, r.why, r.threshold, r.base, r.settings_reason, r.cells, r.hidden,
    r.withheld, r.viewers, r.seconds, w.at_utc as withdrawn_at, w.by_whom as withdrawn_by,
    w.why as withdrawn_why
from release as r
left join standing_release as s on r.release_id = s.release_id
left join release_event as w
    on r.release_id = w.release_id
    and w.event = 'withdrawn'
order by r.number desc
