"""The container, the compose file and nginx's file keep the rules that docs/operations.md promises.

Linters (scripts/check) hold their form; here is what they say.
"""

import re

import pytest

from gapmap.gate.bodies import UPLOADS, most_of
from gapmap.gate.sessions import IDLE
from gapmap.settings import DEFAULT_MAX_UPLOAD_MB, ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
FINAL = DOCKERFILE.rpartition("\nFROM ")[2]


def directives(name: str) -> list[str]:
    """What nginx's file says for a directive, each time that it does."""
    return [" ".join(said.split()) for said in re.findall(rf"^\s*{name}\s+(.+);$", NGINX, re.M)]


def seconds(said: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([sm])", said).groups()  # type: ignore[union-attr]
    return int(number) * {"s": 1, "m": 60}[unit]


def copied() -> list[str]:
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", FINAL, re.M)
    return [path for line in lines for path in line.split()]


# --- the container -----------------------------------------------------------------------------


def test_the_container_runs_as_nobody_in_particular() -> None:
    assert re.findall(r"^USER (.+)$", FINAL, re.M) == ["10001:10001"]
    assert FINAL.index("\nUSER ") < FINAL.index("\nCMD ")


def test_the_container_has_nothing_to_build_or_install_with() -> None:
    assert "apt-get" not in DOCKERFILE
    assert "pip uninstall --yes pip setuptools" in DOCKERFILE
    assert "pip install" not in FINAL


def test_packages_are_pinned_with_their_hashes() -> None:
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert re.findall(r"^FROM \S+:(\S+)", DOCKERFILE, re.M) == ["3.11.14-slim-bookworm"] * 2


def test_the_container_is_asked_whether_it_is_alive() -> None:
    assert "http://127.0.0.1:8501/healthz" in FINAL.partition("HEALTHCHECK")[2]


def test_the_store_outlives_the_container() -> None:
    (store,) = re.findall(r"GAPMAP_STORE=(\S+)/gapmap\.duckdb", FINAL)
    assert re.findall(r"^VOLUME (.+)$", FINAL, re.M) == [store]
    assert f"- store:{store}\n" in COMPOSE


def test_what_is_copied_is_let_in_and_is_no_store_or_secret() -> None:
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert kept[1] == "*"
    assert {f"!{path}" for path in [*copied(), "requirements.txt"]} == {
        line for line in kept if line.startswith("!")
    }
    assert not [path for path in copied() if "store" in path or "secrets" in path]
    assert all((ROOT / path).exists() for path in copied())


def test_the_app_itself_is_told_to_stop() -> None:
    # The list form starts no shell that would keep SIGTERM to itself.
    assert re.findall(r"^CMD (.+)$", FINAL, re.M) == ['["streamlit", "run", "app.py"]']


# --- compose -----------------------------------------------------------------------------------


def test_the_app_is_reached_from_this_machine_alone() -> None:
    app, _, nginx = COMPOSE.partition("\n  nginx:")
    assert re.findall(r'^\s+- "(\S*:?\d+:\d+)"$', app, re.M) == ["127.0.0.1:8501:8501"]
    assert re.findall(r'^\s+- "(\d+:\d+)"$', nginx, re.M) == ["80:80", "443:443"]


@pytest.mark.parametrize(
    "rule", ["read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]']
)
def test_both_containers_are_held_tight(rule: str) -> None:
    assert COMPOSE.count(rule) == 2


def test_no_secret_stands_in_the_files() -> None:
    assert "secrets.toml:/app/.streamlit/secrets.toml:ro" in COMPOSE
    for text in (DOCKERFILE, COMPOSE, NGINX):
        assert not re.search(r"(secret|password|token)\w*\s*[:=]\s*['\"]?\w", text, re.I)


# --- nginx -------------------------------------------------------------------------------------


def test_everything_goes_by_tls() -> None:
    assert directives("listen") == ["80", "443 ssl"]
    assert directives("return")[0].startswith("308 https://")
    assert directives("ssl_protocols") == ["TLSv1.2 TLSv1.3"]


def test_the_websocket_gets_through_and_stays_open() -> None:
    headers = directives("proxy_set_header")
    assert {"Upgrade $http_upgrade", "Connection $connection_upgrade"} <= set(headers)
    assert directives("proxy_http_version") == ["1.1"]
    (waits,) = directives("proxy_read_timeout")
    assert seconds(waits) > IDLE.total_seconds()  # the app itself ends an idle session


def test_no_directive_is_newer_than_what_stable_systems_have() -> None:
    """Debian 12 has nginx 1.22, which does not start on a directive that it does not know."""
    assert directives("http2") == []


def test_sign_ins_are_counted_by_whoever_stands_before_the_proxy() -> None:
    assert "FORWARDED_ALLOW_IPS: ${FORWARDED_ALLOW_IPS:-*}" in COMPOSE


def test_what_a_client_claims_of_itself_is_replaced() -> None:
    headers = dict(said.split(" ", 1) for said in directives("proxy_set_header"))
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-Host"] == headers["Host"] == "$host"
    assert headers["Forwarded"] == '""'


def test_what_the_app_takes_nginx_lets_through() -> None:
    (most,) = directives("client_max_body_size")
    needed = most_of(UPLOADS, DEFAULT_MAX_UPLOAD_MB * 1024**2)
    assert int(most.removesuffix("m")) * 1024**2 >= needed
    assert f"GAPMAP_MAX_UPLOAD_MB={DEFAULT_MAX_UPLOAD_MB} " in FINAL
    assert f"STREAMLIT_SERVER_MAX_UPLOAD_SIZE={DEFAULT_MAX_UPLOAD_MB} " in FINAL
    assert directives("proxy_request_buffering") == ["off"]
