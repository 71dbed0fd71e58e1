"""`python -m gapmap`: the command line."""

from gapmap.cli import main

main()
