"""pandas kept out of processes that have no use for it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Absent(MetaPathFinder):
    """Has the import of one package fail, as if it were not installed."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == self._package:
            raise ModuleNotFoundError(f"this process does without {fullname}", name=fullname)
        return None


def leave_out_pandas() -> None:
    """Have Arrow and DuckDB do without pandas, which they import just to look whether it is there.

    Neither the command line nor the process that parses workbooks uses it, and importing it takes
    longer than most commands do.
    """
    sys.meta_path.insert(0, _Absent("pandas"))
