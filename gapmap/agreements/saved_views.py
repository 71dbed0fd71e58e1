"""Views that somebody saved under a name: a page and its filters, for everybody to open.

A view carries no right and no figure: whoever opens it is shown what the own role is shown.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gapmap.access import NotAllowed, Viewer
from gapmap.agreements.written import fitting
from gapmap.office.audit_log import in_utc
from gapmap.office.office import Office
from gapmap.reference.roles import matrix
from gapmap.stores.store import rows_of

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST_NAME = 80
LONGEST_QUERY = 4000


class ViewError(ValueError):
    """A view cannot be saved or removed so: the message says why, and what to do."""


@dataclass(frozen=True)
class SavedView:
    """A page by its name in the address, and its query as JSON: a list of values by parameter."""

    view_id: str
    version: int
    name: str
    page: str
    query: str
    by_whom: str
    noted_at: datetime
    removed: bool

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The filters as the address has them."""
        return dict(json.loads(self.query))


def saved_views(office: Office, viewer: Viewer) -> list[SavedView]:
    """The views that stand, of pages that open to the viewer, by name."""
    found = [SavedView(**row) for row in rows_of(office.database.ask("office/saved_views"))]
    return [one for one in found if viewer.opens(one.page)]


def save_view(
    office: Office,
    viewer: Viewer,
    by: str,
    *,
    name: str,
    page: str,
    query: Mapping[str, Sequence[str]],
) -> SavedView:
    """Keep a view under a name that no other view has.

    Raises NotAllowed for those who may not, ViewError and UnfitText on what cannot be kept.
    """
    if not viewer.may("save_view") or page not in matrix().pages or not viewer.opens(page):
        raise NotAllowed(f"{viewer.name}: this view is not yours to save; nothing was kept")
    kept_name = fitting(name, "Name", LONGEST_NAME)
    written = json.dumps({key: list(values) for key, values in query.items()}, ensure_ascii=True)
    if len(written) > LONGEST_QUERY:
        raise ViewError("the view has too many filters to be saved")
    with office.noting:
        standing = [SavedView(**row) for row in rows_of(office.database.ask("office/saved_views"))]
        if any(one.name.casefold() == kept_name.casefold() for one in standing):
            raise ViewError("there is a view of that name; choose another, or remove that one")
        now = in_utc(datetime.now(UTC))
        view = SavedView(uuid.uuid4().hex[:12], 1, kept_name, page, written, by, now, False)
        _write(office, view)
    return view


def may_remove(viewer: Viewer, by: str, view: SavedView) -> bool:
    """Whether somebody may remove a view: whoever saved it, and administrators."""
    return view.by_whom == by or viewer.may("remove_any_view")


def remove_view(office: Office, viewer: Viewer, by: str, view_id: str) -> None:
    """Take a view off the list; its address goes on working.

    Raises NotAllowed for those who may not, ViewError where there is no such view.
    """
    with office.noting:
        standing = [SavedView(**row) for row in rows_of(office.database.ask("office/saved_views"))]
        found = next((one for one in standing if one.view_id == view_id), None)
        if found is None:
            raise ViewError("there is no such view, or it was removed already")
        if not may_remove(viewer, by, found):
            raise NotAllowed(f"{viewer.name}: somebody else saved this view; nothing changed")
        now = in_utc(datetime.now(UTC))
        _write(office, replace(found, version=found.version + 1, noted_at=now, removed=True))


def _write(office: Office, view: SavedView) -> None:
    with office.database.writing() as writing:
        writing.append("saved_view", _as_table(view))


def _as_table(view: SavedView) -> pa.Table:
    import pyarrow as pa

    row = asdict(view)
    kinds = {**dict.fromkeys(row, pa.string()), "version": pa.int32(), "removed": pa.bool_()}
    return pa.Table.from_pylist([row], pa.schema({**kinds, "noted_at": pa.timestamp("us")}))
