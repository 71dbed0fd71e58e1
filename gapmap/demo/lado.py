"""Contacts of the designated officers (LADO) about staff in education: a file a quarter."""

from collections.abc import Sequence
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.draws import part_of
from gapmap.demo.files import DemoFile, csv_bytes
from gapmap.demo.quarters import QUARTERS

COLUMNS = (
    "quarter",
    "borough",
    "contacts_education",
    "threshold_met",
    "concluded",
    "substantiated",
)
NEVER_SENT = ("Redbridge",)
# Not there when the last quarter's file was sent.
LATE = ("Brent", "Croydon", "Kensington and Chelsea", "Westminster")

_SEASON = {"1": 1.05, "2": 1.1, "3": 0.6, "4": 1.0}

Row = tuple[object, ...]


def lado_file(quarter: str, boroughs: Sequence[Borough], seed: int) -> DemoFile:
    """Return the quarter's figures of the boroughs whose officer sent them."""
    sent = [
        borough
        for borough in boroughs
        if borough.name not in NEVER_SENT and not (borough.name in LATE and quarter == QUARTERS[-1])
    ]
    return DemoFile(
        name=f"lado_london_{quarter}.csv",
        extract="lado",
        content=csv_bytes(COLUMNS, [_row(quarter, borough, seed) for borough in sent]),
        register_date=None,
        quarter=quarter,
        covers=tuple(borough.code for borough in sent),
        nil_returns=(),
        submitted_by="lado.network@london-partnership.example",
    )


def _row(quarter: str, borough: Borough, seed: int) -> Row:
    """Return a borough's row: more contacts where more staff work, in the City next to none."""
    primary, secondary, *_ = borough.counts
    own = Random(f"{seed}/lado/{borough.code}")
    mean = 0.42 * (primary + 2.2 * secondary) * own.uniform(0.6, 1.4) * _SEASON[quarter[-1]]
    met = own.uniform(0.22, 0.46)
    rng = Random(f"{seed}/lado/{borough.code}/{quarter}")
    contacts = max(0, round(rng.gauss(mean, mean**0.5)))
    threshold = part_of(contacts, met, rng)
    concluded = part_of(contacts, 0.7, rng)
    return quarter, borough.name, contacts, threshold, concluded, part_of(concluded, 0.2, rng)
