"""Synthetic demonstration data: a register, referrals, training and police engagement for London.

Every establishment, name and figure is invented. The files go through the real intake, in the
order in which `demonstration_files` gives them.
"""

from collections.abc import Iterator
from datetime import timedelta

from gapmap.demo.boroughs import read_boroughs
from gapmap.demo.files import DemoFile
from gapmap.demo.police import police_files
from gapmap.demo.quarters import QUARTERS, quarter_end
from gapmap.demo.referrals import referral_files
from gapmap.demo.register import Register, register_file
from gapmap.demo.schools import schools_of_london
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
    URNs. Raises FileNotFoundError when the reference data (boroughs, boundaries) is not there.
    """
    boroughs = read_boroughs()
    register = Register(schools_of_london(boroughs, seed))
    seen: set[object] = set()
    for quarter in QUARTERS:
        dated = register.dated(quarter)
        if dated not in seen:
            seen.add(dated)
            yield register_file(register, dated, boroughs)
        schools = register.open_at_end_of(quarter)
        yield from referral_files(quarter, boroughs, schools, seed)
        yield from training_files(quarter, boroughs, schools, seed)
        yield from police_files(quarter, boroughs, schools, seed)
