"""The gate with sign-in set up: in front of every path, with a session for all that lies behind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from math import ceil
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gapmap.access import Viewer
from gapmap.gate import handouts, rate
from gapmap.gate.admission import Admission
from gapmap.gate.bodies import OTHER_BYTES, UPLOADS, bounded, most_of
from gapmap.gate.handouts import ToItsOwner
from gapmap.gate.headers import page_policy, plain, with_headers
from gapmap.gate.login import (
    CALLBACK,
    PATHS,
    SIGN_IN,
    START,
    STREAMLIT_COOKIES,
    Login,
    StreamlitLogin,
)
from gapmap.gate.pages import no_role_page
from gapmap.gate.requests import (
    comes_from,
    cookie,
    host_of,
    is_navigation,
    peer,
    target,
    without_cookies,
)
from gapmap.gate.return_path import safe_path
from gapmap.gate.sessions import Ending, Session
from gapmap.gate.stream import Stream
from gapmap.gate.uploads import Uploads
from gapmap.office.audit_log import fitted
from gapmap.reference.roles import is_closed

HEALTH = frozenset({"/healthz", "/readyz"})
# Streamlit's programs: no figure of anybody lies there.
PROGRAMS = "/static/"
# A browser asks for these by itself when a connection broke, so they keep no session alive.
NOT_BY_A_PERSON = ("/_stcore/health", "/_stcore/host-config")
ASKS_THE_PROVIDER = frozenset({START, CALLBACK})
# Each is a window of the same browser, and keeps a screen's state in memory.
MOST_STREAMS = 30
# Seconds, until there may be room again.
A_WHILE = 5.0
SIGN_IN_FIRST = "You are not signed in, or have been signed out. Reload the page to sign in."


class SignInGate:
    """ASGI middleware. A stranger gets the sign-in page, its routes and the two health answers.

    `farewell` makes the last message of a WebSocket, which leads the browser to the address given.
    `held`: how many bytes of uploaded files a screen holds.
    """

    def __init__(
        self,
        app: ASGIApp,
        admission: Admission,
        streamlit: StreamlitLogin,
        farewell: Callable[[str], bytes],
        hashes: tuple[str, ...],
        most_bytes: int,
        held: Callable[[str], int],
        allowed_hosts: frozenset[str] = frozenset(),
    ) -> None:
        provider = admission.provider
        self._app = app
        self._admission = admission
        self._login = Login(app, admission, streamlit)
        self._farewell = farewell
        self._most_bytes = most_bytes
        self._uploads = Uploads(held, most_bytes)
        self._secure = provider.is_secure
        self._origins = frozenset({provider.origin})
        self._hosts = allowed_hosts | {provider.host}
        self._policy = page_policy(hashes, [provider.host])
        self._rate = rate.Rate(rate.A_SECOND, rate.AT_ONCE)
        self._sign_ins = rate.Rate(rate.SIGN_INS_A_SECOND, rate.SIGN_INS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        send = with_headers(send, scope["path"], self._policy, self._secure)
        scope = without_cookies(scope, STREAMLIT_COOKIES)
        if scope["type"] == "http" and scope["path"] in HEALTH:
            await bounded(self._app, scope, receive, send, OTHER_BYTES)
            return
        refusal = await self._before_sign_in(scope, receive)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        token = cookie(scope, self._admission.cookie_name)
        session = self._admission.sessions.check(token, active=_is_activity(scope))
        if token is None or session is None:
            await _to_sign_in(scope)(scope, receive, send)
            return
        refusal = await self._for_this_person(scope, session)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif scope["type"] == "websocket":
            # Counted here, where nothing else runs before the stream counts itself.
            if self._admission.sessions.streams(session) >= MOST_STREAMS:
                await _slower(A_WHILE)(scope, receive, send)
                return
            await self._stream(session, token).run(
                self._app, self._own_screen(scope, session), receive, send
            )
        else:
            await self._pass_on(scope, receive, send, session)

    async def _before_sign_in(self, scope: Scope, receive: Receive) -> Response | None:
        """The answer to what needs no session, or deserves none; None: go on."""
        if host_of(scope) not in self._hosts:
            return plain("This is not the address of gapmap.", 400, Connection="close")
        if not comes_from(scope, self._origins):
            return plain("Another site asked for this.", 403, Connection="close")
        if scope["type"] == "websocket" or scope["path"] not in PATHS:
            return None
        wait = self._sign_ins.wait_for(peer(scope)) if scope["path"] in ASKS_THE_PROVIDER else 0
        return _slower(wait) if wait else await self._login.answer(scope, receive)

    async def _for_this_person(self, scope: Scope, session: Session) -> Response | None:
        """The answer to somebody who is signed in and may not have this; None: go on."""
        wait = self._rate.wait_for(session.id)
        if wait:
            return _slower(wait)
        path = scope["path"]
        if is_closed(path):
            return plain("Not here.", 404, Connection="close")
        if path.startswith(PROGRAMS):
            return None
        viewer = await run_in_threadpool(self._admission.viewer_for, session.identity)
        if viewer is None:
            return _no_role(scope, session)
        if not self._may_have(path, session, viewer):
            await run_in_threadpool(self._note_refusal, session, viewer, path)
            return plain("This is not for you.", 403, Connection="close")
        if _brings_a_file(scope) and self._uploads.too_many(session.id, self._screens_of(session)):
            return _slower(A_WHILE)
        return None

    def _screens_of(self, session: Session) -> list[str]:
        return self._admission.sessions.screens_of(session)

    def _may_have(self, path: str, session: Session, viewer: Viewer) -> bool:
        if not viewer.fetches(path):
            return False
        if path.startswith(UPLOADS):
            screen = path.removeprefix(UPLOADS).partition("/")[0]
            return self._admission.sessions.owns_screen(session, screen)
        return True

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, session: Session) -> None:
        most = most_of(scope["path"], self._most_bytes)
        if scope["path"].startswith(handouts.PATH):
            to_owner = ToItsOwner(scope, send, self._admission.word_of(session))
            await bounded(self._app, scope, receive, to_owner, most)
            if to_owner.refused:
                await run_in_threadpool(self._note_refusal, session, None, handouts.PATH)
            return
        with self._uploads.under_way(session.id) if _brings_a_file(scope) else nullcontext():
            within = await bounded(self._app, scope, receive, send, most)
        if not within:
            await run_in_threadpool(self._note_refusal, session, None, "upload over the limit")

    def _note_refusal(self, session: Session, viewer: Viewer | None, on: str) -> None:
        role = viewer.role if viewer else None
        # Which screen and which file it was is nobody's business.
        on = UPLOADS.strip("/") if on.startswith(UPLOADS) else fitted(on)
        self._admission.note(
            what="refusal", who=session.identity.key, role=role, on=on, outcome="refused"
        )

    def _stream(self, session: Session, token: str) -> Stream:
        def farewell(how: Ending) -> bytes:
            return self._farewell(f"{SIGN_IN}?said={how}")

        return Stream(self._admission.sessions, session, token, self._rate, farewell)

    def _own_screen(self, scope: Scope, session: Session) -> Scope:
        """The handshake without a screen that is not this person's.

        Streamlit's page names in it the screen that it had, which is then gone on with, whoever
        asks: with its filters, its state and its files.
        """
        offered = b"sec-websocket-protocol"
        headers = []
        for name, value in scope["headers"]:
            if name == offered:
                parts = [part.strip() for part in value.decode("latin-1").split(",")]
                if len(parts) > 2 and not self._admission.sessions.owns_screen(session, parts[2]):
                    value = ", ".join(parts[:2]).encode("latin-1")
            headers.append((name, value))
        return {**scope, "headers": headers}


def _brings_a_file(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["type"] == "http" and scope["method"] == "PUT" and path.startswith(UPLOADS)


def _is_activity(scope: Scope) -> bool:
    return scope["type"] == "http" and not scope["path"].endswith(NOT_BY_A_PERSON)


def _to_sign_in(scope: Scope) -> Response:
    """To the sign-in page where a person asks for a page; 401 for all else, before any body."""
    if is_navigation(scope):
        path = safe_path(target(scope))
        return RedirectResponse(f"{SIGN_IN}?next={quote(path, safe='/')}", 303)
    return plain(SIGN_IN_FIRST, 401, Connection="close")


def _no_role(scope: Scope, session: Session) -> Response:
    if is_navigation(scope):
        return no_role_page(session.identity)
    return plain("You have no role yet: ask your administrator.", 403, Connection="close")


def _slower(wait: float) -> Response:
    return plain("Too many requests.", 429, Retry_After=str(ceil(wait)), Connection="close")
