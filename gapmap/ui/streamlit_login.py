"""What the gate needs of Streamlit: its sign-in, its WebSocket, its uploads. Streamlit 1.67."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME


class StreamlitCookies:
    """Streamlit's routes /auth/login and /oauth2callback, from outside."""

    def token(self, provider: str) -> str:
        """The word for /auth/login, good for two minutes."""
        return encode_provider_token(provider)

    def claims(self, cookies: Mapping[str, str]) -> dict[str, Any] | None:
        """The claims that /oauth2callback has put into the cookies that it sets."""
        secret = get_cookie_secret()

        def one(name: str) -> bytes | None:
            return decode_signed_value(secret, name, cookies[name]) if name in cookies else None

        told = get_cookie_with_chunks(one, USER_COOKIE_NAME)
        if told is None:
            return None
        claims = json.loads(told)
        return claims if isinstance(claims, dict) and claims.get("is_logged_in") is True else None


def lead_to(address: str) -> bytes:
    """A message on which Streamlit's page goes to another address, as st.login sends it."""
    message = ForwardMsg()
    message.auth_redirect.url = address
    written: bytes = message.SerializeToString()
    return written


def bytes_held(screen: str) -> int:
    """The bytes of the uploaded files that Streamlit keeps for a screen."""
    manager = get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    # A copy in one step: another thread may take a file in.
    return sum(len(file.data) for file in list(manager.file_storage.get(screen, {}).values()))
