"""The real app with sign-in set up, a real provider beside it, and people who sign in by HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gapmap.gate.provider import DISCOVERY
from gapmap.reference.roles import Role
from tests.browser.conftest import ROOT, SECONDS_TO_START, Server, end, free_port

COOKIE = "gapmap"
TENANT = "11111111-2222-3333-4444-555555555555"
OTHER_TENANT = "99999999-2222-3333-4444-555555555555"
OBJECT_ID = "aaaaaaaa-0000-0000-0000-{:012d}"
CLIENT_ID = "gapmap-in-tests"
# By subject: the claims beside the standard ones.
PEOPLE: dict[str, dict[str, Any]] = {
    "ada": {"name": "Ada Lovelace", "roles": ["gapmap.executive"]},
    "grace": {"name": "Grace Hopper", "roles": ["gapmap.administrator"]},
    "ann": {"name": "Ann", "roles": ["gapmap.analyst"]},
    "lea": {"name": "Lea", "roles": ["gapmap.lead.E09000007"]},
    "con": {"name": "Con", "roles": ["gapmap.contributor.E09000007.police_engagement"]},
    "nobody": {"name": "<b>No</b> [Body](https://example.org)"},
    "crowd": {"name": "Crowd", "roles": ["gapmap.administrator"] * 500},
    "elsewhere": {"name": "Elsewhere", "roles": ["gapmap.administrator"], "tid": OTHER_TENANT},
    "first": {"name": "First"},
}


# Who has which role.
WITH_ROLE: dict[Role, str] = {
    "executive": "ada",
    "lead": "lea",
    "contributor": "con",
    "analyst": "ann",
    "administrator": "grace",
}


def claims_of(person: str) -> dict[str, Any]:
    place = list(PEOPLE).index(person)
    return {"tid": TENANT, "oid": OBJECT_ID.format(place), **PEOPLE[person]}


@dataclass(frozen=True)
class Provider:
    """`url` is its issuer too."""

    url: str

    def key_of(self, person: str) -> str:
        claims = claims_of(person)
        return f"{self.url}|{claims['tid']}/{claims['oid']}"

    @property
    def metadata(self) -> str:
        return f"{self.url}{DISCOVERY}"


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{url} did not start:\n{said}")
        time.sleep(0.1)


@contextmanager
def _process(command: list[str], environment: dict[str, str], log_file: Path) -> Iterator[Any]:
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        end(process)


@contextmanager
def running_provider(folder: Path) -> Iterator[Provider]:
    people = folder / "people.json"
    told = {person: claims_of(person) for person in PEOPLE}
    people.write_text(json.dumps(told), encoding="utf-8")
    port = free_port()
    script = str(Path(__file__).parent / "provider_process.py")
    log = folder / "provider.log"
    provider = Provider(f"http://127.0.0.1:{port}")
    command = [sys.executable, script, str(port), str(people)]
    with _process(command, dict(os.environ), log) as process:
        _wait_for(provider.metadata, process, log)
        yield provider


def write_secrets(folder: Path, provider: str, origin: str) -> Path:
    secrets = folder / "secrets.toml"
    secrets.write_text(
        "[auth]\n"
        f'redirect_uri = "{origin}/oauth2callback"\n'
        f'cookie_secret = "{"s" * 48}"\n'
        f'client_id = "{CLIENT_ID}"\n'
        'client_secret = "a secret of the tests"\n'
        f'server_metadata_url = "{provider}{DISCOVERY}"\n',
        encoding="utf-8",
    )
    return secrets


@contextmanager
def signed_in_app(folder: Path, provider: Provider, **settings: str) -> Iterator[Server]:
    """`streamlit run app.py` with sign-in; `settings` are environment variables."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    secrets = write_secrets(folder, provider.url, origin)
    environment = {
        **os.environ,
        "GAPMAP_STORE": str(folder / "gapmap.duckdb"),
        "GAPMAP_TENANT": TENANT,
        **settings,
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    command.append(f"--secrets.files={secrets}")
    log = folder / "server.log"
    with _process(command, environment, log) as process:
        server = Server(origin, process, log)
        _wait_for(f"{origin}/sign-in", process, log)
        yield server


def client_of(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=30)


def to_callback(client: httpx.Client, person: str, path: str = "/") -> str:
    """Begin a sign-in and let the provider agree: the address that it sends the browser to."""
    begun = client.get("/auth/login", params={"next": path})
    assert begun.status_code == 303, begun.text
    agreed = httpx.post(begun.headers["location"], data={"sub": person}, timeout=30)
    assert agreed.status_code == 302, agreed.text
    return str(agreed.headers["location"])


@contextmanager
def sign_in(server: Server, person: str, path: str = "/") -> Iterator[httpx.Client]:
    """A client with the cookies of somebody who has signed in."""
    with client_of(server) as client:
        done = client.get(to_callback(client, person, path))
        assert done.status_code == 303, done.text
        yield client
