"""`python -m gapmap`: the command line."""

import sys

from gapmap.cli.head_start import begin
from gapmap.without_pandas import leave_out_pandas


def main() -> None:
    """Run one command. Imports come after the head start, which they run beside."""
    leave_out_pandas()
    begin(sys.argv[1:])
    from gapmap.cli.main import main as command_line
    from gapmap.reading.parsing_process import abandon

    try:
        command_line()
    finally:
        abandon()


main()
