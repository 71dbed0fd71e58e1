"""Environment settings, read once. Every variable that gapmap knows is documented here."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "queries"
CONTRACTS = ROOT / "data" / "contracts"
REFERENCE = ROOT / "data" / "reference"

DEFAULT_STORE = ROOT / "data" / "store" / "gapmap.duckdb"
DEFAULT_MAX_UPLOAD_MB = 100
DEFAULT_MEMORY_LIMIT = "4GB"

# Fewer bytes than the shortest row of any extract, with its separators, has.
LEAST_BYTES_A_ROW = 20


def rows_within(size: int) -> int:
    """The most rows that are taken of a file where `size` bytes are the most: blank ones count.

    It keeps a file of nothing but line ends from filling memory.
    """
    return size // LEAST_BYTES_A_ROW


@dataclass(frozen=True)
class Settings:
    """What the environment decides.

    GAPMAP_STORE: path of the exact store; the released one and the archive lie beside it.
    GAPMAP_MAX_UPLOAD_MB: largest file that intake reads, in megabytes (1 MB = 1,048,576 bytes);
        the same for the browser and the command line. How many rows a CSV file may have follows
        from it (`rows_within`): one for every 20 bytes, 5,242,880 with the default of 100.
    GAPMAP_MEMORY_LIMIT: memory that each DuckDB instance may use, in DuckDB's notation.

    With sign-in set up in .streamlit/secrets.toml, and only then:
    GAPMAP_PUBLIC_URL: where browsers reach the app (https://gapmap.example.org); it must agree with
        the redirect_uri in secrets.toml, from which it is taken when it is not set.
    GAPMAP_ALLOWED_HOSTS: further names, with commas between, by which the app may be asked for.
    GAPMAP_TENANT: ids of the Microsoft Entra tenants whose people may sign in, with commas between;
        needed with Entra. People are then keyed on tenant and object id.
    GAPMAP_ISSUER: the issuer of ID tokens, where it is not the address of the provider's metadata
        without /.well-known/openid-configuration.
    GAPMAP_FIRST_ADMINISTRATOR: the key (issuer|subject) of a person who is an administrator
        whatever the access table says: for the first day, and taken away after it.
    """

    store: Path
    max_upload_mb: int
    memory_limit: str
    public_url: str = ""
    allowed_hosts: frozenset[str] = frozenset()
    tenants: frozenset[str] = frozenset()
    issuer: str = ""
    first_administrator: str = ""

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1024 * 1024


def read_settings() -> Settings:
    """The settings of this process.

    Raises ValueError, naming the variable, when GAPMAP_MAX_UPLOAD_MB is not a whole number above 0,
    or GAPMAP_PUBLIC_URL is not an address without a path.
    """
    raw = os.environ.get("GAPMAP_MAX_UPLOAD_MB", str(DEFAULT_MAX_UPLOAD_MB))
    if not raw.isdecimal() or int(raw) == 0:
        raise ValueError(f"GAPMAP_MAX_UPLOAD_MB must be a whole number of megabytes, not {raw!r}")
    return Settings(
        store=Path(os.environ.get("GAPMAP_STORE") or DEFAULT_STORE).expanduser().resolve(),
        max_upload_mb=int(raw),
        memory_limit=os.environ.get("GAPMAP_MEMORY_LIMIT", DEFAULT_MEMORY_LIMIT),
        public_url=_public_url(os.environ.get("GAPMAP_PUBLIC_URL", "")),
        allowed_hosts=_listed(os.environ.get("GAPMAP_ALLOWED_HOSTS", "").lower()),
        tenants=_listed(os.environ.get("GAPMAP_TENANT", "")),
        issuer=os.environ.get("GAPMAP_ISSUER", "").strip(),
        first_administrator=os.environ.get("GAPMAP_FIRST_ADMINISTRATOR", "").strip(),
    )


def _listed(text: str) -> frozenset[str]:
    """What stands between commas."""
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def _public_url(text: str) -> str:
    """Scheme, host and port, in small letters and without a slash at the end."""
    told = text.strip().lower().rstrip("/")
    if told and not re.fullmatch(r"https?://[^/?#@\s]+", told):
        raise ValueError(
            f"GAPMAP_PUBLIC_URL must be like https://gapmap.example.org, with no path, not {text!r}"
        )
    return told
