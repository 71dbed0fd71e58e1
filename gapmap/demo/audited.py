"""The audits of the demonstration's releases, made once and kept: its figures never change.

An audit takes up to a minute a quarter, too long for a first start. What each found lies in
audited.parquet under the hash of all that it rests on; where that is another, as after a change of
the demonstration, the lattice or the audit, it is made anew. `sh scripts/audit-demonstration`
makes the file again, and a test makes one quarter's audit and holds it against the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from gapmap import disclosure
from gapmap.disclosure import Earlier, Plan, plan
from gapmap.disclosure.planning import FINDING_SCHEMA
from gapmap.disclosure.rule import MARKER, Rule
from gapmap.release import Progress
from gapmap.settings import REFERENCE

KEPT = Path(__file__).with_name("audited.parquet")
_KEY_COLUMNS = ("measure", "quarter", "level", "area_code", "breakdown", "category")
_COUNTED = ("rounds", "withheld", "solves", "seconds", "viewers", "failing")


def kept_or_planned(
    quarter: str,
    exact: pa.Table,
    areas: pa.Table,
    earlier: Sequence[Earlier],
    *,
    threshold: int,
    base: int,
    progress: Progress | None = None,
) -> Plan:
    """As `gapmap.disclosure.plan`, from the file where it holds the audit of these very figures."""
    rule = Rule(threshold, base)
    key = key_of(quarter, exact, areas, earlier, rule)
    noted, findings = _kept(KEPT)
    if key not in noted:
        return plan(
            quarter, exact, areas, earlier, threshold=threshold, base=base, progress=progress
        )
    found = findings.filter(pc.equal(findings["audit"], key)).drop_columns(["audit"])
    return _plan(exact, found.cast(FINDING_SCHEMA), noted[key], rule)


@cache
def _kept(path: Path) -> tuple[Mapping[str, Mapping[str, Any]], pa.Table]:
    """What is noted of each audit, by its key, and the findings of all; nothing without a file."""
    if not path.exists():
        return {}, FINDING_SCHEMA.empty_table()
    table = parquet.read_table(path)
    noted: Mapping[str, Mapping[str, Any]] = json.loads(table.schema.metadata[b"gapmap"])
    return noted, table


def key_of(
    quarter: str, exact: pa.Table, areas: pa.Table, earlier: Sequence[Earlier], rule: Rule
) -> str:
    """The hash of all that an audit rests on. Ids of releases do not count."""
    digest = hashlib.sha256(json.dumps([quarter, *rule]).encode())
    audit = sorted(Path(disclosure.__file__).parent.glob("*.py"))
    for path in (REFERENCE / "lattice.toml", *audit):
        digest.update(path.read_bytes())
    counted = [*_KEY_COLUMNS, "value"]
    _add(digest, exact.select(counted))
    _add(digest, areas.select(["level", "area_code", "borough_code"]))
    for one in earlier:
        digest.update(json.dumps(one.rule or rule).encode())
        _add(digest, one.figures.select([*_KEY_COLUMNS, "exact", "value", "marker", "status"]))
    return digest.hexdigest()


def _add(digest: Any, table: pa.Table) -> None:
    ordered = table.sort_by([(name, "ascending") for name in table.column_names])
    digest.update(json.dumps(ordered.to_pydict()).encode())


def _plan(exact: pa.Table, findings: pa.Table, noted: Mapping[str, Any], rule: Rule) -> Plan:
    """A plan from the findings of its hidden cells: every other cell is shown by the rule."""
    hidden = {
        tuple(row[name] for name in _KEY_COLUMNS): row["status"] for row in findings.to_pylist()
    }
    rows = exact.to_pylist()
    areas = {(row["measure"], row["level"], row["area_code"]): row for row in rows}
    have = {tuple(row[name] for name in _KEY_COLUMNS) for row in rows}
    for key in sorted(hidden.keys() - have):
        of_area = areas[key[0], key[2], key[3]]
        rows.append({**of_area, **dict(zip(_KEY_COLUMNS, key, strict=True)), "value": 0})
    for row in rows:
        count = row["value"]
        status = hidden.get(tuple(row[name] for name in _KEY_COLUMNS), "shown")
        shown = status == "shown"
        row |= {
            "exact": count,
            "value": rule.rounded(count) if shown else None,
            "marker": None if shown else MARKER,
            "status": status,
        }
    schema = exact.schema.append(pa.field("exact", pa.int64()))
    schema = schema.append(pa.field("marker", pa.string())).append(pa.field("status", pa.string()))
    figures = pa.Table.from_pylist(rows, schema)
    counted = {name: noted[name] for name in _COUNTED}
    return Plan(figures=figures, findings=findings, hidden=len(hidden), **counted)


def keep(plans: Mapping[str, Plan], path: Path = KEPT) -> None:
    """Write the audits by their keys."""
    noted = {key: {name: getattr(one, name) for name in _COUNTED} for key, one in plans.items()}
    parts = [
        one.findings.append_column("audit", pa.repeat(pa.scalar(key), one.findings.num_rows))
        for key, one in plans.items()
    ]
    table = pa.concat_tables(parts)
    metadata = {b"gapmap": json.dumps(noted, sort_keys=True).encode()}
    parquet.write_table(table.replace_schema_metadata(metadata), path, compression="zstd")
