"""Make adjoining.csv from the boundaries; how and why is in README.md.

python data/reference/make_adjoining.py data/reference/adjoining.csv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

# The package is not installed: this file lies two folders below the root that holds it.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gapmap.reference import geography

COLUMNS = ("borough_code", "adjoining_borough_code", "across")


def adjoining_rows() -> list[dict[str, str]]:
    """One row per borough and borough that it adjoins, both ways, in order of their codes."""
    ways = {"land": geography.adjoining(), "Thames": geography.facing_across_thames()}
    pairs = [
        (borough, other, across)
        for across, found in ways.items()
        for borough, others in found.items()
        for other in others
    ]
    return [dict(zip(COLUMNS, pair, strict=True)) for pair in sorted(pairs)]


def main() -> None:
    with Path(sys.argv[1]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(adjoining_rows())


if __name__ == "__main__":
    main()
