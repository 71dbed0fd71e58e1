"""How a question is answered to somebody: of which store, and which rows of it.

Everybody is answered of the released store, which has no way to the exact one. A borough's own lead
is answered of the exact store where the question's header says `own: exact`, and then gets the
rows of that borough alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gapmap.access import NotAllowed, Viewer, database_for
from gapmap.measure import ALL, lattice
from gapmap.question import Question
from gapmap.reference.protection import WITHHELD
from gapmap.stores.store import DatabaseFault, Store

NOT_AT_THIS_DETAIL = "c: not released at this detail"


def is_for_own_lead(asked: Question) -> bool:
    """Whether a borough's own lead is answered of the exact store."""
    return asked.header.get("own") == "exact"


def answer(store: Store, viewer: Viewer, asked: Question, given: Mapping[str, Any]) -> pa.Table:
    """What the viewer is answered about everybody, of the released store.

    Raises QuestionError on wrong parameters, NotAllowed where the role is not answered, or the
    question is about what only the exact store holds.
    """
    database = database_for(store, viewer, None, asked.name)
    if is_outside_lattice(asked, given):
        return _not_at_this_detail(database.answer(asked, given), given)
    try:
        return database.answer(asked, given)
    except DatabaseFault as fault:
        raise NotAllowed(
            f"{viewer.name}: {asked.name} cannot be answered from released figures: it asks about "
            f"what only the exact store holds, or of a value that it cannot take ({_kind(fault)})"
        ) from fault


def is_outside_lattice(asked: Question, given: Mapping[str, Any]) -> bool:
    """Whether a question asks for a cell that no release ever says: of a school, for instance."""
    if not {"measure", "level", "breakdown"} <= set(asked.parameters):
        return False
    cell = (given.get("measure"), given.get("level"), given.get("breakdown"))
    return not lattice().holds(*(str(part) for part in cell))


def _not_at_this_detail(empty: pa.Table, given: Mapping[str, Any]) -> pa.Table:
    """One row that says c of what was asked: it is not released at this detail."""
    said = {**given, "area_code": given.get("area"), "category": ALL, "marker": WITHHELD}
    row = {name: said.get(name) for name in empty.column_names}
    return pa.Table.from_pylist([row], empty.schema)


def _kind(fault: Exception) -> str:
    """What the database complains about, without its words: they may quote a value."""
    return type(fault).__name__


def answer_to_own_lead(
    store: Store, viewer: Viewer, borough_code: str, asked: Question, given: Mapping[str, Any]
) -> pa.Table:
    """What a borough's own lead is answered, exactly, about that borough and nobody else.

    Raises NotAllowed to everybody else and for any other question, QuestionError on wrong
    parameters.
    """
    database = database_for(store, viewer, borough_code, asked.name)
    if database is not store.exact or not is_for_own_lead(asked):
        raise NotAllowed(f"{viewer.name}: {asked.name} is not answered exactly of {borough_code}")
    found = database.answer(asked, given)
    if "area_code" in found.column_names:
        own = pc.and_(
            pc.equal(found["level"], "borough"), pc.equal(found["area_code"], borough_code)
        )
        return found.filter(own)
    if given.get("borough") != borough_code:
        raise NotAllowed(f"{viewer.name}: {asked.name} must be asked of {borough_code}")
    return found


def answer_as(
    store: Store, viewer: Viewer, asked: Question, given: Mapping[str, Any]
) -> tuple[pa.Table, bool]:
    """What the viewer sees of a question, and whether it is exact: a lead's own borough is.

    Raises as `answer`.
    """
    about = given.get("borough") or given.get("area")
    if isinstance(about, str) and viewer.leads(about) and is_for_own_lead(asked):
        return answer_to_own_lead(store, viewer, about, asked, given), True
    return answer(store, viewer, asked, given), False
