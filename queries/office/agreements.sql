-- What was agreed of a kind, and what came of it?
-- grain: one row per agreement, as its newest version has it; the newest agreement first
-- $kind: action or ask
select agreement_id, version, kind, borough_code, indicator, school_type, words, owner, who,
    quarter, due, status, outcome, agreed_by, by_whom, agreed_at, noted_at
from agreement
where kind = $kind
qualify row_number() over (partition by agreement_id order by version desc, noted_at desc) = 1
order by agreed_at desc, agreement_id desc
