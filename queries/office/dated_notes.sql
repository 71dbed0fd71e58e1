-- How was a note edited?
-- grain: one row per edit, the newest first
-- $name: the note, as data/reference/notes.toml names it
select as_of, text, by_whom, noted_at
from dated_note
where name = $name
order by noted_at desc
