-- Where an indicator of areas says "not submitted" of an area that did submit, its figures wait for
-- their release: say that.
-- grain: no row; changes one row per indicator, quarter, level and area
-- $areas (list): indicator, quarter, level and area of each that submitted, with | between
update area_value
set reason = 'not_released'
where reason = 'not_submitted'
    and concat_ws('|', indicator, quarter, level, area_code) = any($areas::varchar[])
