"""The kept audits of the demonstration are those that would be made now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest

from gapmap.demo.audited import KEPT, kept_or_planned
from gapmap.disclosure import Earlier, Plan, plan
from gapmap.operations import operations
from gapmap.publishing.standing import bring_up_to_date
from gapmap.settings import read_settings
from gapmap.stores.store import open_memory_store

CELL = ("measure", "level", "area_code", "breakdown", "category")


class Asked(NamedTuple):
    quarter: str
    exact: pa.Table
    areas: pa.Table
    earlier: Sequence[Earlier]
    given: dict[str, Any]

    def by(self, planner: Any, exact: pa.Table | None = None) -> Plan:
        made = planner(self.quarter, exact or self.exact, self.areas, self.earlier, **self.given)
        assert isinstance(made, Plan)
        return made


class FirstAsked(Exception):
    """The first release was asked for: no more is needed."""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """What the audit of the demonstration's first release is given."""
    store = open_memory_store(Path(tmp_path_factory.mktemp("demonstration")))
    bring_up_to_date(store)
    asked: list[Asked] = []

    def planner(quarter: str, *tables: Any, **given: Any) -> Plan:
        asked.append(Asked(quarter, *tables, given))
        raise FirstAsked

    with pytest.raises(FirstAsked):
        operations.load_demonstration(store, read_settings(), {"planner": planner})
    store.close()
    return asked[0]


def in_order(table: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted(rows, key=lambda row: [row[name] for name in CELL])


def test_the_first_quarters_audit_made_anew_is_as_kept(first: Asked) -> None:
    assert KEPT.exists()
    kept, made = first.by(kept_or_planned), first.by(plan)
    # An audit made now has another duration: this one was read.
    assert kept.seconds != made.seconds
    assert first.by(kept_or_planned).seconds == kept.seconds
    assert first.quarter == "2024-Q4"
    assert in_order(kept.figures) == in_order(made.figures)
    assert in_order(kept.findings) == in_order(made.findings)
    assert (kept.hidden, kept.withheld, kept.failing) == (made.hidden, made.withheld, 0)


def test_other_figures_are_not_answered_from_the_file(first: Asked) -> None:
    values = first.exact["value"].to_pylist()
    levels = first.exact["level"].to_pylist()
    values[levels.index("london")] += 1
    at = first.exact.schema.get_field_index("value")
    changed = first.exact.set_column(at, "value", pa.array(values, first.exact["value"].type))
    with pytest.raises(ValueError, match="its boroughs"):
        first.by(kept_or_planned, changed)
