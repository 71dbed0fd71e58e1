-- How do the types of school stand on each item of the letter, and how did it move for the schools
-- that answered in the held quarter before as well?
-- Shares are met / (met + gap), with a 95% Wilson score interval. `ranked`: at least the setting
-- rank_known_share of the schools is known, by its strictest value among the boroughs asked about.
-- grain: one row per indicator of school grain and school type, and one of all types (null)
-- $quarter: calendar quarter, as 2026-Q3
-- $borough (optional): GSS code of one borough; all of London when it is not given
-- $phase (optional): one phase alone
with least_known as (
    select max(value) as value
    from borough_setting
    where setting = 'rank_known_share'
        and ($borough::varchar is null or borough_code = $borough)
),

counted as (
    select indicator, school_type,
        sum(schools) as schools,
        sum(schools) filter (where state = 'met') as met,
        sum(schools) filter (where state = 'gap') as gap,
        sum(schools) filter (where state = 'unknown') as unknown,
        sum(schools) filter (where state = 'not_applicable') as not_applicable,
        sum(schools) filter (where reason = 'not_asked') as not_asked,
        sum(schools) filter (where reason = 'no_reply') as no_reply,
        sum(schools) filter (where reason = 'not_submitted') as not_submitted,
        sum(schools) filter (where reason = 'no_row') as no_row,
        sum(schools) filter (where reason = 'out_of_date') as out_of_date,
        sum(pupils) filter (where state = 'gap') as pupils_gap,
        sum(schools) filter (
            where state in ('met', 'gap') and state_before in ('met', 'gap')
        ) as same_n,
        sum(schools) filter (where state = 'met' and state_before in ('met', 'gap')) as same_met,
        sum(schools) filter (
            where state in ('met', 'gap') and state_before = 'met'
        ) as same_met_before
    from state_count
    where quarter = $quarter
        and ($borough::varchar is null or borough_code = $borough)
        and ($phase::varchar is null or phase = $phase)
    group by grouping sets ((indicator, school_type), (indicator))
),

whole as (
    select indicator, school_type, schools::bigint as schools,
        coalesce(met, 0)::bigint as met, coalesce(gap, 0)::bigint as gap,
        coalesce(unknown, 0)::bigint as unknown,
        coalesce(not_applicable, 0)::bigint as not_applicable,
        coalesce(not_asked, 0)::bigint as not_asked, coalesce(no_reply, 0)::bigint as no_reply,
        coalesce(not_submitted, 0)::bigint as not_submitted,
        coalesce(no_row, 0)::bigint as no_row, coalesce(out_of_date, 0)::bigint as out_of_date,
        coalesce(pupils_gap, 0)::bigint as pupils_gap, coalesce(same_n, 0)::bigint as same_n,
        coalesce(same_met, 0)::bigint as same_met,
        coalesce(same_met_before, 0)::bigint as same_met_before
    from counted
)

select i.letter, w.indicator, i.title, w.school_type, w.schools, w.met, w.gap, w.unknown,
    w.not_applicable, w.not_asked, w.no_reply, w.not_submitted, w.no_row, w.out_of_date,
    w.pupils_gap, w.met + w.gap as n, w.met / nullif(w.met + w.gap, 0) as share_met,
    wilson_low(w.met, w.met + w.gap) as low, wilson_high(w.met, w.met + w.gap) as high,
    w.unknown / nullif(w.met + w.gap + w.unknown, 0) as share_unknown,
    w.met + w.gap > 0 and (w.met + w.gap) / (w.met + w.gap + w.unknown) >= l.value as ranked,
    w.same_n, w.same_met, w.same_met_before
from whole as w
inner join indicator as i on w.indicator = i.indicator
cross join least_known as l
order by regexp_extract(i.letter, '\d+')::integer asc, i.title asc, w.school_type asc
