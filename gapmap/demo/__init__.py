"""Synthetic demonstration data for London: a register, and each of the other extracts.

Every establishment, name and figure is invented. The files go through the real intake, in the
order in which `demonstration_files` gives them.
"""

from collections.abc import Iterator
from datetime import timedelta

from gapmap.demo.boroughs import Borough, read_boroughs
from gapmap.demo.factors import factors_file
from gapmap.demo.files import DemoFile
from gapmap.demo.lado import lado_file
from gapmap.demo.links import links_file
from gapmap.demo.messages import message_log_file
from gapmap.demo.neighbours import neighbours_file
from gapmap.demo.police import police_files
from gapmap.demo.population import population_files
from gapmap.demo.quarters import QUARTERS, quarter_end
from gapmap.demo.referrals import referral_files
from gapmap.demo.register import Register, register_file
from gapmap.demo.review import partnership_review_file
from gapmap.demo.safeguarding import school_safeguarding_files
from gapmap.demo.school import School
from gapmap.demo.schools import schools_of_london
from gapmap.demo.survey import perception_survey_files
from gapmap.demo.testimonies import COPIED, testimonies_file
from gapmap.demo.training import training_files

__all__ = ["AS_AT", "DEMONSTRATION_NOTICE", "DemoFile", "demonstration_files"]

# The day on which the newest file would have been uploaded.
AS_AT = quarter_end(QUARTERS[-1]) + timedelta(days=15)

DEMONSTRATION_NOTICE = (
    "Demonstration data: every school, trust and figure on these screens is invented, "
    "and none of it describes a real school or a real borough."
)


def demonstration_files(seed: int = 20211014) -> Iterator[DemoFile]:
    """Yield the demonstration's files in the order of upload; the same seed, the same bytes.

    Eight quarters, 2024-Q4 to 2026-Q3. Each register comes before the first file that names its
    URNs; public series follow the first, links the second. Raises FileNotFoundError when the
    reference data (boroughs, boundaries) is not there.
    """
    boroughs = read_boroughs()
    register = Register(schools_of_london(boroughs, seed))
    loaded = None
    for quarter in QUARTERS:
        dated = register.dated(quarter)
        if dated != loaded:
            yield register_file(register, dated, boroughs)
            if loaded is None:
                yield from _public_series(boroughs, seed)
            else:
                yield links_file(dated, boroughs, register.listed(dated))
            loaded = dated
        yield from _of_quarter(quarter, boroughs, register.open_at_end_of(quarter), seed)


def _public_series(boroughs: tuple[Borough, ...], seed: int) -> Iterator[DemoFile]:
    yield from population_files(boroughs, seed)
    yield neighbours_file(boroughs, seed)
    yield factors_file(boroughs, seed)


def _of_quarter(
    quarter: str, boroughs: tuple[Borough, ...], schools: tuple[School, ...], seed: int
) -> Iterator[DemoFile]:
    yield from referral_files(quarter, boroughs, schools, seed)
    yield from training_files(quarter, boroughs, schools, seed)
    yield from police_files(quarter, boroughs, schools, seed)
    yield from school_safeguarding_files(quarter, boroughs, schools, seed)
    yield from perception_survey_files(quarter, boroughs, schools, seed)
    if quarter == COPIED:
        yield testimonies_file(boroughs, schools, seed)
    yield partnership_review_file(quarter, boroughs, seed)
    yield message_log_file(quarter, boroughs, schools, seed)
    yield lado_file(quarter, boroughs, seed)
