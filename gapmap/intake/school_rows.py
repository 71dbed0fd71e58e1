"""What the register adds to rows of schools: their borough, their point on the map."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from gapmap.issue import Issue, IssueLog
from gapmap.reference import reference
from gapmap.screening.cross_checks import Places
from gapmap.stores.store import Store, rows_of


def with_borough(store: Store, rows: pa.Table, column: str) -> pa.Table:
    """The rows with the borough of their school; null where the URN is unknown."""
    known = {r["urn"]: r["borough_code"] for r in rows_of(store.exact.ask("schools/known"))}
    encoded = rows[column].combine_chunks().dictionary_encode()
    boroughs = pa.array([known.get(urn) for urn in encoded.dictionary.to_pylist()], pa.string())
    return rows.append_column("borough_code", boroughs.take(encoded.indices))


def of_known_schools(rows: pa.Table, log: IssueLog) -> pa.Table:
    """The rows whose school is in a register that stands; the others are left out and counted."""
    known = rows.filter(rows["borough_code"].is_valid())
    if known.num_rows == 0:
        log.add(
            Issue(
                "error",
                "no_known_school",
                "no row is of a school in a register that was loaded",
                "Load the school register first.",
            )
        )
    return known


def with_points(rows: pa.Table, places: Places, log: IssueLog) -> pa.Table:
    """The schools with their longitude and latitude; a point outside the borough is a warning."""
    from gapmap.reference import geography

    eastings = rows["easting"].cast(pa.float64()).to_numpy()  # blank: NaN
    northings = rows["northing"].cast(pa.float64()).to_numpy()
    lon, lat = geography.place(eastings, northings)
    placed = ~np.isnan(lon)
    inside = geography.lies_within(rows["borough_code"].to_pylist(), lon, lat)
    for place in np.flatnonzero(placed & ~inside):
        school = rows.slice(int(place), 1).to_pylist()[0]
        log.add(
            Issue(
                "warning",
                "point_outside_borough",
                f"URN {school['urn']} lies outside {reference.borough_name(school['borough_code'])}"
                " by its easting and northing",
                "Nothing to do when it is right on the boundary; the borough of the register "
                "stands.",
                **places.of("easting", school["row_no"]),
            )
        )
    points = {"lon": lon, "lat": lat}
    for name, values in points.items():
        rows = rows.append_column(
            name, pa.array(np.where(placed, values, np.nan), from_pandas=True)
        )
    return rows
