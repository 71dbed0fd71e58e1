"""The links between establishments, as GIAS publishes them: both directions, a row each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from gapmap.demo.boroughs import Borough
from gapmap.demo.files import DemoFile, csv_bytes
from gapmap.demo.quarters import quarter_of_day
from gapmap.demo.school import School

COLUMNS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")

Row = tuple[object, ...]


def links_file(dated: date, boroughs: Sequence[Borough], schools: Sequence[School]) -> DemoFile:
    """Return the links of the schools that the register of that day lists.

    The download is of all of England, so that a borough without a link is known to have none.
    """
    by_urn = {school.urn: school for school in schools}
    linked = {by_urn[urn].borough.code for one in schools for urn in one.predecessors}
    return DemoFile(
        name=f"links_edubasealldata{dated:%Y%m%d}.csv",
        extract="school_links",
        content=csv_bytes(COLUMNS, _rows(schools, by_urn)),
        register_date=dated,
        quarter=quarter_of_day(dated),
        covers=tuple(borough.code for borough in boroughs),
        nil_returns=tuple(borough.code for borough in boroughs if borough.code not in linked),
        submitted_by="administrator@london-partnership.example",
    )


def _rows(schools: Sequence[School], by_urn: dict[int, School]) -> Iterator[Row]:
    successors = Counter(urn for school in schools for urn in school.predecessors)
    for school in schools:
        for urn in school.predecessors:
            before = by_urn[urn]
            kind = _kind(len(school.predecessors), successors[urn])
            day = school.opened.strftime("%d-%m-%Y") if school.opened else None
            yield school.urn, before.urn, before.name, f"Predecessor{kind}", day
            yield before.urn, school.urn, school.name, f"Successor{kind}", day


def _kind(predecessors: int, successors: int) -> str:
    """Return what GIAS adds to the type of a link that is not one to one."""
    if predecessors > 1:
        return " - merged"
    return " - Split School" if successors > 1 else ""
