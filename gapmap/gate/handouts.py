"""Files that a screen hands out: to the session that made them, and to nobody else.

Streamlit serves them to whoever knows the address. Each bears a word of its session as a parameter
of its media type, which the gate holds against who asks and takes off.
"""

from __future__ import annotations

from hmac import compare_digest

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from gapmap.gate.headers import plain

PATH = "/media/"
_WORD = "; for="


def with_word(media_type: str, word: str) -> str:
    """The media type of a file for the session that has this word."""
    return f"{media_type}{_WORD}{word}"


class ToItsOwner:
    """`send` for an answer with a file; one that is another session's is answered with 403.

    `refused`: whether it was.
    """

    def __init__(self, scope: Scope, send: Send, word: str) -> None:
        self._scope = scope
        self._send = send
        self._word = word
        self.refused = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            told, mark, after = headers.get("content-type", "").partition(_WORD)
            word, semicolon, more = after.partition(";")
            if message["status"] in (200, 206):
                self.refused = not compare_digest(word.encode(), self._word.encode())
            if mark:
                headers["content-type"] = f"{told}{semicolon}{more}"
            if self.refused:
                await self._refuse()
        if not self.refused:
            await self._send(message)

    async def _refuse(self) -> None:
        async def nothing() -> Message:
            return {"type": "http.disconnect"}

        answer = plain("This is not for you.", 403, Connection="close")
        await answer(self._scope, nothing, self._send)
