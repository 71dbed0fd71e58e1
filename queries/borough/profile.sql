-- Where do a borough's schools stand on each indicator, and how did that move on the held quarter
-- before: for all schools, and for those that answered in both quarters?
-- Shares are met / (met + gap), with a 95% Wilson interval. `gap_before` and its like are null where
-- no quarter is held before. `pupils_gap` sums the numbers of pupils that are known.
-- grain: one row per indicator of school grain, in the order of the letter
-- $quarter: calendar quarter, as 2026-Q3
-- $borough: GSS code
-- $phase (optional): one phase alone
-- $school_type (optional): one school type alone
with earlier as (
    select max(quarter) as quarter
    from held_quarter
    where quarter < $quarter
),

chosen as (
    select *
    from state_count
    where borough_code = $borough
        and quarter in ($quarter, (select quarter from earlier))
        and ($phase::varchar is null or phase = $phase)
        and ($school_type::varchar is null or school_type = $school_type)
),

counted as (
    select indicator,
        coalesce(sum(schools) filter (where state = 'met'), 0)::bigint as met,
        coalesce(sum(schools) filter (where state = 'gap'), 0)::bigint as gap,
        coalesce(sum(schools) filter (where state = 'unknown'), 0)::bigint as unknown,
        coalesce(sum(schools) filter (where state = 'not_applicable'), 0)::bigint
            as not_applicable,
        coalesce(sum(schools) filter (where reason = 'not_asked'), 0)::bigint as not_asked,
        coalesce(sum(schools) filter (where reason = 'no_reply'), 0)::bigint as no_reply,
        coalesce(sum(schools) filter (where reason = 'not_submitted'), 0)::bigint
            as not_submitted,
        coalesce(sum(schools) filter (where reason = 'no_row'), 0)::bigint as no_row,
        coalesce(sum(schools) filter (where reason = 'out_of_date'), 0)::bigint as out_of_date,
        coalesce(sum(pupils) filter (where state = 'gap'), 0)::bigint as pupils_gap,
        coalesce(sum(schools_without_pupils) filter (where state = 'gap'), 0)::bigint
            as gap_without_pupils,
        coalesce(sum(schools) filter (
            where state in ('met', 'gap') and state_before in ('met', 'gap')
        ), 0)::bigint as same_schools,
        coalesce(sum(schools) filter (
            where state = 'met' and state_before in ('met', 'gap')
        ), 0)::bigint as same_met,
        coalesce(sum(schools) filter (
            where state in ('met', 'gap') and state_before = 'met'
        ), 0)::bigint as same_met_before
    from chosen
    where quarter = $quarter
    group by indicator
),

counted_before as (
    select indicator,
        coalesce(sum(schools) filter (where state = 'met'), 0)::bigint as met_before,
        coalesce(sum(schools) filter (where state = 'gap'), 0)::bigint as gap_before,
        coalesce(sum(schools) filter (where state = 'unknown'), 0)::bigint as unknown_before
    from chosen
    where quarter <> $quarter
    group by indicator
),

final as (
    select i.indicator, i.title, i.polarity, i.owner, i.letter,
        coalesce(c.met, 0) as met, coalesce(c.gap, 0) as gap,
        coalesce(c.unknown, 0) as unknown, coalesce(c.not_applicable, 0) as not_applicable,
        coalesce(c.not_asked, 0) as not_asked, coalesce(c.no_reply, 0) as no_reply,
        coalesce(c.not_submitted, 0) as not_submitted, coalesce(c.no_row, 0) as no_row,
        coalesce(c.out_of_date, 0) as out_of_date, coalesce(c.pupils_gap, 0) as pupils_gap,
        coalesce(c.gap_without_pupils, 0) as gap_without_pupils,
        coalesce(c.same_schools, 0) as same_schools, coalesce(c.same_met, 0) as same_met,
        coalesce(c.same_met_before, 0) as same_met_before,
        b.met_before, b.gap_before, b.unknown_before, e.quarter as quarter_before
    from indicator as i
    cross join earlier as e
    left join counted as c on i.indicator = c.indicator
    left join counted_before as b on i.indicator = b.indicator
    where i.topic is not null
)

select indicator, title, polarity, owner, met, gap, unknown, not_applicable, met + gap as n,
    met / nullif(met + gap, 0) as share_met, wilson_low(met, met + gap) as low,
    wilson_high(met, met + gap) as high, unknown / nullif(met + gap + unknown, 0) as share_unknown,
    not_asked, no_reply, not_submitted, no_row, out_of_date, pupils_gap, gap_without_pupils,
    quarter_before, met_before, gap_before, unknown_before,
    met_before / nullif(met_before + gap_before, 0) as share_met_before, same_schools, same_met,
    same_met_before, same_met / nullif(same_schools, 0) as same_share_met,
    same_met_before / nullif(same_schools, 0) as same_share_met_before
from final
order by regexp_extract(letter, '\d+')::integer, title
