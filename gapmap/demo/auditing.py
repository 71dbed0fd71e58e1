"""Makes the kept audits of the demonstration again: `sh scripts/audit-demonstration`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from gapmap.demo import audited
from gapmap.disclosure import Earlier, Plan, plan
from gapmap.disclosure.rule import Rule
from gapmap.operations import operations
from gapmap.publishing.standing import bring_up_to_date
from gapmap.settings import read_settings
from gapmap.stores.store import open_memory_store


def main() -> None:
    """Load the demonstration into a store in memory, audit each release, keep what was found."""
    plans: dict[str, Plan] = {}

    def planner(
        quarter: str, exact: pa.Table, areas: pa.Table, earlier: Sequence[Earlier], **given: Any
    ) -> Plan:
        planned = plan(quarter, exact, areas, earlier, **given)
        rule = Rule(given["threshold"], given["base"])
        plans[audited.key_of(quarter, exact, areas, earlier, rule)] = planned
        sys.stdout.write(
            f"{quarter}: {planned.hidden} hidden, {planned.withheld} of them to protect another, "
            f"{planned.rounds} rounds, {planned.seconds:.1f} s\n"
        )
        sys.stdout.flush()
        return planned

    with tempfile.TemporaryDirectory() as folder:
        store = open_memory_store(Path(folder))
        bring_up_to_date(store)
        operations.load_demonstration(store, read_settings(), {"planner": planner})
        store.close()
    audited.keep(plans)


if __name__ == "__main__":
    main()
