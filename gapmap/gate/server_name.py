"""Answers that do not tell by which program, in which version, they are sent."""

from __future__ import annotations

from uvicorn import Config

_HELD = "encoded_headers"
_Headers = list[tuple[bytes, bytes]]


def _told(config: Config) -> _Headers:
    held: _Headers = vars(config).get(_HELD, [])
    return [header for header in held if header[0] != b"server"]


def _hold(config: Config, headers: _Headers) -> None:
    vars(config)[_HELD] = headers


def hide_server_name() -> None:
    """Leave the Server header out.

    uvicorn has an option for it, to which Streamlit 1.67 passes nothing on; its configuration is
    made before the app is loaded, so that the headers are filtered where they are read.
    """
    setattr(Config, _HELD, property(_told, _hold))
