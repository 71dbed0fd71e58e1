-- Which gaps of schools does an agency own in a quarter, and how did they move on the held quarter
-- before? `opened` and `closed`: schools that were met and now have the gap, and the other way
-- round; `same_`: schools met or gap both times.
-- grain: one row per indicator of school grain that the agency owns; most gaps first
-- $quarter: calendar quarter, as 2026-Q3
-- $owner: council, police, health, school or partnership
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with counted as (
    select indicator,
        sum(schools) filter (where state = 'gap') as gap,
        sum(schools) filter (where state = 'met') as met,
        sum(schools) filter (where state = 'unknown') as unknown,
        sum(schools) filter (where reason = 'not_asked') as not_asked,
        sum(schools) filter (where reason = 'no_reply') as no_reply,
        sum(schools) filter (where reason = 'not_submitted') as not_submitted,
        sum(schools) filter (where reason = 'no_row') as no_row,
        sum(schools) filter (where reason = 'out_of_date') as out_of_date,
        sum(pupils) filter (where state = 'gap') as pupils_gap,
        sum(schools_without_pupils) filter (where state = 'gap') as gap_without_pupils,
        sum(schools) filter (where state = 'gap' and state_before = 'met') as opened,
        sum(schools) filter (where state = 'met' and state_before = 'gap') as closed,
        sum(schools) filter (
            where state in ('met', 'gap') and state_before in ('met', 'gap')
        ) as same_n
    from state_count
    where quarter = $quarter
        and ($borough::varchar is null or borough_code = $borough)
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
    group by indicator
)

select i.indicator, i.title, i.gap as gap_words, i.closes, i.letter,
    coalesce(c.gap, 0)::bigint as gap, coalesce(c.met, 0)::bigint as met,
    coalesce(c.unknown, 0)::bigint as unknown, coalesce(c.not_asked, 0)::bigint as not_asked,
    coalesce(c.no_reply, 0)::bigint as no_reply,
    coalesce(c.not_submitted, 0)::bigint as not_submitted, coalesce(c.no_row, 0)::bigint as no_row,
    coalesce(c.out_of_date, 0)::bigint as out_of_date,
    coalesce(c.pupils_gap, 0)::bigint as pupils_gap,
    coalesce(c.gap_without_pupils, 0)::bigint as gap_without_pupils,
    coalesce(c.opened, 0)::bigint as opened, coalesce(c.closed, 0)::bigint as closed,
    coalesce(c.same_n, 0)::bigint as same_n
from indicator as i
left join counted as c on i.indicator = c.indicator
where i.owner = $owner
    and i.grain = 'school'
    and i.polarity <> 'none'
order by gap desc, unknown desc, i.title asc
