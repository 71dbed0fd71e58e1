"""A fuzz target on the reader: whatever the bytes, it gives a table or says why not.

`python -m tests.fuzz.fuzz_reader --seconds 600` mutates good files at random, or lets atheris
steer where it is installed. A failure prints the seed that makes it again.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Callable

from gapmap.contract import contracts
from gapmap.reading.delimited import read_delimited
from gapmap.reading.file_kind import ZIP_MAGIC, refuse_what_is_no_table
from gapmap.reading.heading import expected_headings
from gapmap.reading.refusal import Unreadable
from gapmap.reading.text_table import TextTable
from gapmap.reading.workbook import read_workbook
from tests.spreadsheets import ods_bytes, unzipped, zipped
from tests.uploads import referral, xlsx_bytes

LONGEST_SECONDS = 20
EXPECTED = expected_headings(contracts()["referrals"])
ROWS = [["A title"], [], list(referral()), list(referral().values()), list(referral().values())]
CSV = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS)
SEEDS: tuple[bytes, ...] = (
    CSV.encode(),
    CSV.replace('"', "").encode("utf-8-sig"),
    CSV.replace(",", ";").encode("utf-16"),
    CSV.replace(",", "\t").replace("title", "titlé").encode("cp1252"),
    xlsx_bytes({"S": ROWS}),
    xlsx_bytes({"S": ROWS, "T": [["=1+1", True, 1.5]]}),
    ods_bytes({"S": ROWS}),
)
TOKENS: tuple[bytes, ...] = (
    *(b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\x81"),
    *(b"<!DOCTYPE x>", b"<c", b'<c t="e"><v>#N/A</v></c>', b"<f>", b"</row>", b't="s"', b"<v>9"),
    *(
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"%PDF",
        b"z" * 2000,
        b"\xf0\x9f\x98\x80",
        b"&#0;",
    ),
)


def read(content: bytes) -> TextTable | None:
    """The table of any bytes, in this process; None when they are refused as they should be."""
    try:
        refuse_what_is_no_table(content, "x.csv")
        if content.startswith(ZIP_MAGIC):
            return read_workbook(content, EXPECTED)
        return read_delimited(content, EXPECTED)
    except Unreadable as refusal:
        check_refusal(refusal)
        return None
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # the parser's: parsing_process answers it
            raise
        return None


def check_refusal(refusal: Unreadable) -> None:
    """A refusal says something, and what to do."""
    assert refusal.issues
    assert all(issue.code and issue.message and issue.fix for issue in refusal.issues)


def check_table(table: TextTable) -> None:
    """The parts of a table fit each other."""
    assert len(table.columns) == len(table.header) > 0
    assert {len(column) for column in table.columns} == {table.row_count}
    assert all(numbers > table.header_row for numbers in table.row_numbers.tolist())
    assert all(row < table.header_row for row, _ in table.titles)


# --- mutations -----------------------------------------------------------------------------------


def mutated(chance: random.Random) -> bytes:
    """A seed with some of its bytes changed; of a workbook also inside its members."""
    content = chance.choice(SEEDS)
    if not content.startswith(ZIP_MAGIC) or chance.random() < 0.3:
        return _changed(content, chance)
    members = unzipped(content)
    for name in chance.sample(sorted(members), k=chance.randint(1, 2)):
        members[name] = _changed(members[name], chance)
    return zipped(members)


def _changed(content: bytes, chance: random.Random) -> bytes:
    ways: tuple[Callable[[bytearray, int, random.Random], None], ...] = (_flip, _put, _cut, _repeat)
    body = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        chance.choice(ways)(body, chance.randrange(len(body) + 1), chance)
    return bytes(body)


def _flip(body: bytearray, at: int, chance: random.Random) -> None:
    body[at : at + 1] = bytes([chance.randrange(256)])


def _put(body: bytearray, at: int, chance: random.Random) -> None:
    body[at:at] = chance.choice(TOKENS)


def _cut(body: bytearray, at: int, chance: random.Random) -> None:
    del body[at : at + chance.choice((1, 2, 20, 2000))]


def _repeat(body: bytearray, at: int, chance: random.Random) -> None:
    body[at:at] = body[max(0, at - chance.choice((1, 10, 200))) : at]


def try_one(seed: int) -> bool:
    """Read one mutation; whether it was still a table."""
    table = read(mutated(random.Random(seed)))
    if table is not None:
        check_table(table)
    return table is not None


# --- running -------------------------------------------------------------------------------------


def _steered() -> None:
    import atheris  # type: ignore[import-not-found]

    def target(content: bytes) -> None:
        table = read(content)
        if table is not None:
            check_table(table)

    atheris.instrument_all()
    atheris.Setup(sys.argv[:1], target)
    atheris.Fuzz()


def until(ends: float, seed: int) -> tuple[int, int]:
    """Try seed after seed in a process of its own: the last one tried, and how that ended."""
    told, tell = os.pipe()
    worker = os.fork()
    if worker == 0:
        while time.monotonic() < ends:
            os.write(tell, f"{seed}\n".encode())
            # A loop inside the parser hears no signal: this ends the process and shows where.
            faulthandler.dump_traceback_later(LONGEST_SECONDS, exit=True)
            try_one(seed)
            seed += 1
        os._exit(0)
    os.close(tell)
    with os.fdopen(told) as lines:
        for line in lines:
            seed = int(line)
    return seed, os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])


def main() -> None:
    """Mutate until the time is over, or a mutation is found on which the reader fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if importlib.util.find_spec("atheris"):
        _steered()
        return
    ends, seed, too_large = time.monotonic() + given.seconds, given.seed, 0
    while time.monotonic() < ends:
        seed, status = until(ends, seed)
        # The parser ends its process when memory is short; parsing_process answers that.
        if status not in (0, -signal.SIGABRT):
            sys.exit(f"seed {seed} makes the reader fail: status {status}")
        too_large += status != 0
        seed += 1
    sys.stdout.write(f"{seed - given.seed:,} mutations, {too_large} beyond the memory\n")


if __name__ == "__main__":
    main()
