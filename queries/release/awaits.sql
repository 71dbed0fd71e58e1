-- Is a figure of an area held that no release shows yet?
-- grain: one row
-- $measure: a measure of the lattice
-- $quarter: calendar quarter, as 2026-Q3
-- $level: level of the area: borough, partnership, command unit, integrated care board, inner or outer, london
-- $area: code of the area
select exists(
        select 1
        from figure_held
        where measure = $measure
            and quarter = $quarter
            and level = $level
            and area_code = $area
    )
    and not exists(
        select 1
        from figure
        where measure = $measure
            and quarter = $quarter
            and level = $level
            and area_code = $area
    ) as awaits
