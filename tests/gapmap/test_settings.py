"""The environment's settings: defaults, what is read, what is refused."""

from pathlib import Path

import pytest

from gapmap.settings import DEFAULT_STORE, read_settings, rows_within


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GAPMAP_STORE", "GAPMAP_MAX_UPLOAD_MB", "GAPMAP_MEMORY_LIMIT"):
        monkeypatch.delenv(name, raising=False)


def test_defaults() -> None:
    settings = read_settings()
    assert settings.store == DEFAULT_STORE
    assert settings.store.parts[-3:] == ("data", "store", "gapmap.duckdb")
    assert settings.max_upload_mb == 100
    assert settings.max_upload_bytes == 104_857_600
    assert settings.memory_limit == "4GB"


def test_the_rows_of_the_largest_file() -> None:
    assert rows_within(read_settings().max_upload_bytes) == 5_242_880


def test_an_empty_store_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPMAP_STORE", "")
    assert read_settings().store == DEFAULT_STORE


def test_what_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAPMAP_STORE", str(tmp_path / "a" / ".." / "exact.duckdb"))
    monkeypatch.setenv("GAPMAP_MAX_UPLOAD_MB", "7")
    monkeypatch.setenv("GAPMAP_MEMORY_LIMIT", "512MB")
    settings = read_settings()
    assert settings.store == (tmp_path / "exact.duckdb").resolve()
    assert settings.max_upload_bytes == 7 * 1024 * 1024
    assert settings.memory_limit == "512MB"


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "ten", "", "1e3"])
def test_a_limit_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setenv("GAPMAP_MAX_UPLOAD_MB", limit)
    with pytest.raises(ValueError, match="GAPMAP_MAX_UPLOAD_MB must be a whole number"):
        read_settings()
