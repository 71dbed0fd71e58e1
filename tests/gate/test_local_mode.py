"""The app without sign-in: it serves this machine, and does not start for any other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.browser.conftest import ROOT, Server, free_port, running_app
from tests.gate.rig import write_secrets
from tests.gate.screen import handshake


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("local")
    environment = {**os.environ, "GAPMAP_STORE": str(folder / "gapmap.duckdb")}
    with running_app(environment, folder / "server.log") as running:
        yield running


def test_it_serves_this_machine_without_sign_in(local: Server) -> None:
    answer = httpx.get(f"{local.url}/london")
    assert answer.status_code == 200
    assert 'id="root"' in answer.text
    assert "sha256-" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/geometry/boroughs.json", "/_stcore/health", "/healthz"])
def test_another_name_does_not_lead_here(local: Server, path: str) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example"):
        assert httpx.get(f"{local.url}{path}", headers={"Host": host}).status_code == 400


def test_a_proxy_lets_nobody_in(local: Server) -> None:
    headers = {"X-Forwarded-For": "192.0.2.1"}
    assert httpx.get(local.url, headers=headers).status_code == 403


def test_a_page_of_another_site_opens_no_websocket(local: Server) -> None:
    with handshake(local, ""):
        pass
    for origin in ("https://evil.example", ""):
        with pytest.raises(InvalidStatus) as refused, handshake(local, "", origin):
            pass
        assert refused.value.response.status_code == 403


def start(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a start that is refused says."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    return subprocess.run(
        [*command, f"--server.port={free_port()}"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_it_does_not_start_for_other_machines(address: str) -> None:
    done = start(f"--server.address={address}")
    assert done.returncode != 0
    assert "gapmap does not start: without sign-in gapmap serves this machine only" in done.stderr
    assert "Traceback" not in done.stderr


def test_half_a_sign_in_is_no_local_mode(tmp_path: Path) -> None:
    done = start(GAPMAP_PUBLIC_URL="https://gapmap.example.org")
    assert done.returncode != 0
    assert "has no [auth]" in done.stderr
    broken = write_secrets(tmp_path, "https://id.example.org", "https://gapmap.example.org")
    broken.write_text(broken.read_text(encoding="utf-8") + "[[", encoding="utf-8")
    done = start(f"--secrets.files={broken}")
    assert done.returncode != 0
    assert "secrets.toml cannot be read" in done.stderr
