"""Adding an indicator is adding one file: every screen has it, and nothing else is edited.

A process of its own reads a copy of queries/ with two files more: tests/pages/another_indicator.py.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from gapmap.settings import QUERIES, ROOT

# What queries/ was before anything else reads it.
IN_A_PROCESS_OF_ITS_OWN = """
import sys
from pathlib import Path
import gapmap.settings
gapmap.settings.QUERIES = Path(sys.argv[1])
import pytest
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", sys.argv[2]]))
"""


def as_another(name: str, replaced: dict[str, str]) -> str:
    """The text of an indicator's file with other words in its header or body."""
    text = (QUERIES / "indicators" / f"{name}.sql").read_text(encoding="utf-8")
    for old, new in replaced.items():
        text, found = re.subn(old, new, text, flags=re.MULTILINE)
        assert found, old
    return text


def test_one_file_more_is_an_indicator_more(tmp_path: Path) -> None:
    folder = tmp_path / "queries"
    shutil.copytree(QUERIES, folder)
    of_schools = as_another(
        "dsl_forum",
        {
            "^-- title: .*": "-- title: Forum role offered",
            "^-- question: .*": "-- question: Which schools were offered a role on the forum?",
            "^-- gap: .*": "-- gap: no role offered",
            "dsl_forum_attended": "dsl_forum_role_offered",
        },
    )
    (folder / "indicators" / "forum_role.sql").write_text(of_schools, encoding="utf-8")
    of_boroughs = as_another(
        "review_items",
        {
            "^-- title: .*": "-- title: Review items begun",
            "^-- map: .*": "-- map: Items begun",
            "= 'done'": "<> 'not started'",
        },
    )
    (folder / "indicators" / "review_begun.sql").write_text(of_boroughs, encoding="utf-8")
    ran = subprocess.run(
        [
            sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN, str(folder),
            "tests/pages/another_indicator.py",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout
