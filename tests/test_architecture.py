"""The house rules that a program can hold. Checkers take text, so they are tried on bad samples."""

import ast
import os
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A module imports from its own row and from the rows below it, never from above. A package is one
# entry; inside it, as everywhere, no module imports itself by a detour.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("app",),
    ("gapmap.shell", "gapmap.bundles", "gapmap.front_page"),
    ("pages",),
    ("gapmap.ui",),
    ("gapmap.__main__", "gapmap.cli", "gapmap.demo.auditing"),
    ("gapmap.gate", "gapmap.health"),
    ("gapmap.opened",),
    ("gapmap.owner",),
    ("gapmap.operations",),
    ("gapmap.demo", "gapmap.recovery"),
    ("gapmap.release", "gapmap.template", "gapmap.export"),
    ("gapmap.publishing",),
    ("gapmap.intake",),
    ("gapmap.mapping", "gapmap.agreements"),
    ("gapmap.screening",),
    ("gapmap.office", "gapmap.answering"),
    ("gapmap.access",),
    ("gapmap.archive", "gapmap.reading"),
    ("gapmap.stores",),
    ("gapmap.reference", "gapmap.disclosure"),
    ("gapmap.contract", "gapmap.column_types", "gapmap.indicator", "gapmap.measure"),
    ("gapmap.question", "gapmap.issue", "gapmap.calendar_quarter", "gapmap.funnel"),
    ("gapmap.settings", "gapmap", "gapmap.without_pandas"),
)
DUCKDB_ROOM = {"gapmap.stores.store"}
STREAMLIT_ROOMS = {"app", "gapmap.shell", "gapmap.ui", "pages"}
LONGEST_PAGE = 120
LONGEST_MODULE = 400


# --- reading the tree ---------------------------------------------------------------------------


def module_name(path: Path) -> str:
    """`gapmap/ui/maps.py` -> `gapmap.ui.maps`; a package's `__init__` bears the package's name."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def product_files() -> list[Path]:
    """Paths, relative to the root, of the product's own Python: no tests, no benchmarks."""
    found = [ROOT / "app.py", *(ROOT / "gapmap").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in found if path.exists())


def question_files() -> list[Path]:
    """Paths, relative to the root, of the SQL questions; schema/ holds definitions instead."""
    found = (ROOT / "queries").rglob("*.sql")
    relative = (path.relative_to(ROOT) for path in found)
    return sorted(path for path in relative if path.parts[1] != "schema")


def is_committed_folder(folder: Path) -> bool:
    """False for the store, for caches and for the dot folders of tools."""
    hidden = folder.name.startswith(".") and folder.name not in {".ci", ".streamlit"}
    return not hidden and folder.name != "__pycache__" and folder != ROOT / "data" / "store"


def text_files() -> Iterator[Path]:
    """Paths, relative to the root, of everything that belongs in the repository."""
    for folder, subfolders, names in os.walk(ROOT):
        here = Path(folder)
        subfolders[:] = sorted(name for name in subfolders if is_committed_folder(here / name))
        for name in sorted(set(names) - {".git", "secrets.toml"}):
            yield (here / name).relative_to(ROOT)


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


# --- imports ------------------------------------------------------------------------------------


def imported(source: str, module: str, is_package: bool = False) -> set[str]:
    """Full names of what a module imports, anywhere in it; `from a import b` counts as `a.b`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source, filename=module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if is_package else module.split(".")[:-1]
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def imports_library(names: set[str], library: str) -> bool:
    return any(name.split(".")[0] == library for name in names)


def room_of(module: str) -> str | None:
    """The entry of LAYERS that a module, or a name inside one, belongs to; None: to none."""
    placed = {room for row in LAYERS for room in row}
    parts = module.split(".")
    prefixes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((prefix for prefix in prefixes if prefix in placed), None)


def layer_of(module: str) -> int | None:
    room = room_of(module)
    return next((depth for depth, row in enumerate(LAYERS) if room in row), None)


def upward_imports(module: str, names: set[str]) -> list[str]:
    """What a module imports from a row above its own."""
    own = layer_of(module)
    assert own is not None, f"{module} has no row: place it in LAYERS"
    above = {name: layer_of(name) for name in names}
    return sorted(name for name, depth in above.items() if depth is not None and depth < own)


def all_imports() -> dict[str, set[str]]:
    return {
        module_name(path): imported(read(path), module_name(path), path.stem == "__init__")
        for path in product_files()
    }


def test_only_the_store_imports_duckdb() -> None:
    importers = {
        module for module, names in all_imports().items() if imports_library(names, "duckdb")
    }
    assert importers <= DUCKDB_ROOM


def test_only_the_screens_import_streamlit() -> None:
    importers = {
        module for module, names in all_imports().items() if imports_library(names, "streamlit")
    }
    assert {module for module in importers if room_of(module) not in STREAMLIT_ROOMS} == set()


def test_every_module_is_placed_in_a_layer() -> None:
    # `gapmap` itself is a row, so that a module under it would otherwise pass as part of it.
    unplaced = [module for module in all_imports() if room_of(module) == "gapmap" != module]
    assert unplaced == [], "place these in LAYERS"


def test_imports_go_down_only() -> None:
    upward = {module: upward_imports(module, names) for module, names in all_imports().items()}
    assert {module: names for module, names in upward.items() if names} == {}


def test_no_module_imports_itself_by_a_detour() -> None:
    imports = all_imports()
    targets = {
        module: {
            other for name in names for other in (name, name.rpartition(".")[0]) if other in imports
        }
        for module, names in imports.items()
    }
    # The package itself comes along with each of its modules, and closes no circle.
    graph = {module: others - {module, "gapmap"} for module, others in targets.items()}
    assert set(TopologicalSorter(graph).static_order()) >= set(graph)  # CycleError names a circle


def test_import_checkers_find_violations() -> None:
    assert imports_library(imported("def f():\n    import duckdb\n", "gapmap.cli.main"), "duckdb")
    assert imports_library(
        imported("from streamlit import cache_data", "gapmap.stores.store"), "streamlit"
    )
    assert not imports_library(
        imported("import duckdbx\nfrom . import store", "gapmap.cli.main"), "duckdb"
    )
    assert imported("from . import store\nfrom .ui import maps", "gapmap.cli") == {
        "gapmap.store",
        "gapmap.ui.maps",
    }
    assert imported("from ..store import open_store", "gapmap.ui.maps") == {
        "gapmap.store.open_store"
    }
    assert imported("from .maps import draw", "gapmap.ui", is_package=True) == {
        "gapmap.ui.maps.draw"
    }


@pytest.mark.parametrize(
    ("module", "source", "upward"),
    [
        ("gapmap.stores.store", "from gapmap.intake import intake", ["gapmap.intake.intake"]),
        (
            "gapmap.stores.store",
            "from gapmap.access import Viewer",
            ["gapmap.access.Viewer"],
        ),
        ("gapmap.release", "from gapmap.ui import maps", ["gapmap.ui.maps"]),
        ("gapmap.cli.main", "import pages.london", ["pages.london"]),
        ("gapmap.cli.main", "from gapmap.ui.maps import draw", ["gapmap.ui.maps.draw"]),
        ("pages.london", "from gapmap.ui import maps\nimport gapmap.indicator", []),
        ("gapmap.intake.intake", "from gapmap.reading import reading\nimport json", []),
    ],
)
def test_layers_tell_up_from_down(module: str, source: str, upward: list[str]) -> None:
    assert upward_imports(module, imported(source, module)) == upward


# --- names --------------------------------------------------------------------------------------


def foreign_names() -> set[str]:
    """Top-level modules of the standard library and of everything installed."""
    return (set(sys.stdlib_module_names) | set(packages_distributions())) - {"gapmap"}


def taken_names(names: list[str]) -> list[str]:
    """Names that would hide a foreign module: the shell's folder becomes sys.path[0]."""
    return sorted(set(names) & foreign_names())


def test_no_module_bears_a_foreign_name() -> None:
    own = [path.stem for path in (ROOT / "gapmap").glob("*.py") if not path.stem.startswith("__")]
    folders = [path.parent.name for path in (ROOT / "gapmap").glob("*/*.py")]
    assert taken_names(own + folders) == []


def test_taken_names_are_found() -> None:
    assert taken_names(["calendar", "click", "store", "streamlit"]) == [
        "calendar",
        "click",
        "streamlit",
    ]


# --- SQL stays out of Python, and Python out of SQL ---------------------------------------------

# Lower or upper case only: a sentence on screen may well begin with "Select a quarter from ...".
SQL_STATEMENT = re.compile(
    r"""^[\s(]*(?:
        (?:select|SELECT)\b.*\b(?:from|FROM)\b | SELECT\s
      | (?:with|WITH)\s+\w+\s+(?:as|AS)\s*\(
      | (?:insert|INSERT)\s+(?:or\s+\w+\s+)?(?:into|INTO)\s
      | (?:update|UPDATE)\s+\S+\s+(?:set|SET)\s
      | (?:delete|DELETE)\s+(?:from|FROM)\s
      | (?:create|CREATE)\s+(?:(?:or\s+replace|OR\s+REPLACE|temp|TEMP)\s+)*
        (?:table|TABLE|view|VIEW|schema|SCHEMA|macro|MACRO|type|TYPE)\s
      | (?:alter|ALTER|drop|DROP)\s+(?:table|TABLE|view|VIEW|schema|SCHEMA)\s
      | (?:attach|ATTACH)\s+'
      | (?:copy|COPY)\s.+\s(?:to|TO|from|FROM)\s
      | (?:pragma|PRAGMA)\s+\w
    )""",
    re.VERBOSE | re.DOTALL,
)


def docstrings(tree: ast.AST) -> set[int]:
    """Identities of the constants that are docstrings: prose about SQL is welcome there."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    firsts = (node.body[0] for node in ast.walk(tree) if isinstance(node, owners) and node.body)
    return {id(first.value) for first in firsts if isinstance(first, ast.Expr)}


def literal_text(node: ast.AST) -> str | None:
    """The text of a string; an f-string's fields read as `x`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(literal_text(part) or "x" for part in node.values)
    return None


def sql_in_python(source: str) -> list[int]:
    """Line numbers of strings that begin as an SQL statement."""
    tree = ast.parse(source)
    prose = docstrings(tree)
    texts = ((node, literal_text(node)) for node in ast.walk(tree) if id(node) not in prose)
    lines = {
        node.lineno
        for node, text in texts
        if isinstance(node, ast.expr) and text is not None and SQL_STATEMENT.search(text)
    }
    return sorted(lines)


def test_python_contains_no_sql() -> None:
    elsewhere = [path for path in product_files() if module_name(path) not in DUCKDB_ROOM]
    found = {str(path): sql_in_python(read(path)) for path in elsewhere}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "q = 'select urn from schools'",
        "q = f'select {column} from {table}'",
        "q = '''\n  with counted as (select 1) select * from counted'''",
        "q = f'INSERT INTO {table} VALUES (1)'",
        "q = 'update store_version set version = 2'",
        "q = 'create or replace view v as select 1'",
        "q = \"attach 'released.duckdb'\"",
        "q = 'SELECT ' + columns",
    ],
)
def test_sql_in_python_is_found(source: str) -> None:
    assert sql_in_python(source) == [1]


@pytest.mark.parametrize(
    "source",
    [
        "label = 'Select a quarter from the list'",
        "label = 'Update these schools only'",
        "key = 'select'",
        "def f():\n    'select the rows from a store'",
        "label = 'with support from the council (as agreed)'",
    ],
)
def test_prose_is_not_taken_for_sql(source: str) -> None:
    assert sql_in_python(source) == []


SQL_TOKEN = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<quoted>'(?:[^']|'')*'|\"[^\"]*\")", re.DOTALL
)
FORMAT_FIELD = re.compile(r"\{(?:[A-Za-z_]\w*(?:![rsa])?)?\}|%\(\w+\)s|%s\b")
QUOTED_PARAMETER = re.compile(r"\$[A-Za-z_]\w*")


def faults_of_question(sql: str) -> list[str]:
    """What a question's file lacks of: a header, its grain, one statement, values as $name only."""
    header = re.match(r"(?:[ \t]*--[^\n]*\n|[ \t]*\n)*", sql)
    lines = [line.strip() for line in header.group().splitlines()] if header else []
    said = [line for line in lines if line.strip("- ") and not line.startswith("-- grain:")]
    quoted = [match["quoted"] for match in SQL_TOKEN.finditer(sql) if match["quoted"]]
    code = SQL_TOKEN.sub(lambda match: " " if match["comment"] else "''", sql)
    statements = [part for part in code.split(";") if part.strip()]
    faults = {
        "no header that says what it answers": not sql.startswith("--") or not said,
        "no `-- grain:` line in the header": not any(
            re.match(r"-- grain: \S", line) for line in lines
        ),
        "not exactly one statement": len(statements) != 1,
        "a format field": FORMAT_FIELD.search(SQL_TOKEN.sub(lambda m: m["quoted"] or " ", sql))
        is not None,
        "a parameter between quotes": any(QUOTED_PARAMETER.search(text) for text in quoted),
    }
    return [fault for fault, present in faults.items() if present]


def test_every_question_states_its_grain_and_takes_parameters_only() -> None:
    found = {str(path): faults_of_question(read(path)) for path in question_files()}
    assert {path: faults for path, faults in found.items() if faults} == {}


GOOD_QUESTION = (
    "-- Schools per borough; it's one {dict}.\n-- grain: one row per borough\nselect 1 as n;\n"
)


@pytest.mark.parametrize(
    ("sql", "faults"),
    [
        (GOOD_QUESTION, []),
        (GOOD_QUESTION.replace("1 as n", "regexp_matches(a, '^[a-z]{2};$') and b = $b"), []),
        (GOOD_QUESTION.replace("1 as n", "{'urn': urn} as n, strptime(m, '%d/%m/%Y')"), []),
        ("select 1", ["no header that says what it answers", "no `-- grain:` line in the header"]),
        ("-- grain: one row\nselect 1", ["no header that says what it answers"]),
        ("-- What it answers.\nselect 1", ["no `-- grain:` line in the header"]),
        (GOOD_QUESTION + "select 2", ["not exactly one statement"]),
        ("-- Answers.\n-- grain: one row\n", ["not exactly one statement"]),
        (GOOD_QUESTION.replace("1", "{column}"), ["a format field"]),
        (GOOD_QUESTION.replace("1", "'{}'"), ["a format field"]),
        (GOOD_QUESTION.replace("1", "%(urn)s"), ["a format field"]),
        (GOOD_QUESTION.replace("1", "'$quarter'"), ["a parameter between quotes"]),
    ],
)
def test_faults_of_a_question_are_found(sql: str, faults: list[str]) -> None:
    assert faults_of_question(sql) == faults


# --- size ---------------------------------------------------------------------------------------


def longest_allowed(path: Path) -> int:
    return LONGEST_PAGE if path.parts[0] == "pages" else LONGEST_MODULE


def is_too_long(path: Path, text: str) -> bool:
    return len(text.splitlines()) > longest_allowed(path)


def test_no_file_outgrows_its_reader() -> None:
    assert [str(path) for path in product_files() if is_too_long(path, read(path))] == []


@pytest.mark.parametrize(("path", "most"), [("pages/london.py", 120), ("gapmap/release.py", 400)])
def test_too_long_files_are_found(path: str, most: int) -> None:
    assert not is_too_long(Path(path), "x = 1\n" * most)
    assert is_too_long(Path(path), "x = 1\n" * (most + 1))


# --- no machine of ours -------------------------------------------------------------------------

# Written with classes of one letter, so that this file does not name what it forbids.
MACHINE_PATH = re.compile(
    r"""(?<![\w.~/*-])/(?:wor[k]|roo[t]|(?:hom[e]|User[s])/\w+)(?![\w-]) | [A-Z]:\\User[s]\\""",
    re.VERBOSE,
)


def machine_paths(text: str) -> list[str]:
    return [match.group() for match in MACHINE_PATH.finditer(text)]


def test_nothing_names_a_folder_of_one_machine() -> None:
    found: dict[str, list[str]] = {}
    for path in text_files():
        try:
            found[str(path)] = machine_paths(read(path))
        except UnicodeDecodeError:
            continue  # a picture, a workbook, a file in another encoding
    assert {path: paths for path, paths in found.items() if paths} == {}


@pytest.mark.parametrize(
    "folder", ["wor" + "k/main", "roo" + "t/.cache", "hom" + "e/sam/gapmap", "User" + "s/sam"]
)
def test_machine_paths_are_found(folder: str) -> None:
    assert len(machine_paths(f"open('/{folder}')")) == 1
    assert len(machine_paths(f"see /{folder}")) == 1


def test_addresses_and_prose_are_not_machine_paths() -> None:
    assert (
        machine_paths("https://example.org/wor" + "k/ and/or home/work, tests/hom" + "e/sam") == []
    )


# --- pins ---------------------------------------------------------------------------------------


def pins(text: str) -> set[str]:
    """Pinned requirements with their markers: `numpy==2.4.6 ; python_full_version < '3.12'`."""
    return {line.rstrip(" \\") for line in text.splitlines() if re.match(r"[a-z0-9]\S*==", line)}


def test_the_test_environment_runs_what_the_app_runs() -> None:
    runtime = pins(read(Path("requirements.txt")))
    assert any(pin.startswith("streamlit==") for pin in runtime)
    assert runtime <= pins(read(Path("requirements-dev.txt")))
