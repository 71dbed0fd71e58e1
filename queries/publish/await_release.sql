-- Where an indicator of areas says "not submitted" of an area that did submit, its figures wait for
-- their release: say that. `answered` holds what areas/with_answer says of the exact store.
-- grain: no row; changes one row per indicator, quarter, level and area
update area_value
set reason = 'not_released'
from answered as a
where area_value.reason = 'not_submitted'
    and area_value.indicator = a.indicator
    and area_value.quarter = a.quarter
    and area_value.level = a.level
    and area_value.area_code = a.area_code
