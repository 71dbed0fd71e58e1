"""Signing in and out. Streamlit speaks the protocol; what it tells the browser is left out.

Streamlit would keep the person in a cookie of its own for 30 days. The gate takes the person out of
the callback's answer, makes a session record, and sends its own cookie instead.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, Protocol
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope

from gapmap.gate.admission import Admission
from gapmap.gate.headers import plain
from gapmap.gate.identity import Identity, NotTrusted, identity_of
from gapmap.gate.pages import SAID, sign_in_page, sign_out_page
from gapmap.gate.requests import cookie, referring_target
from gapmap.gate.return_path import ReturnPaths, safe_path
from gapmap.gate.sessions import LONGEST

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
START = "/auth/login"
STREAMLIT_SIGN_OUT = "/auth/logout"
CALLBACK = "/oauth2callback"
PATHS = frozenset({SIGN_IN, SIGN_OUT, START, STREAMLIT_SIGN_OUT, CALLBACK})
STREAMLIT_COOKIES = "_streamlit_user"
_SEE_OTHER = 303


class StreamlitLogin(Protocol):
    """What the gate needs of Streamlit's own sign-in."""

    def token(self, provider: str) -> str:
        """The short-lived word that tells Streamlit's route which provider is meant."""

    def claims(self, cookies: Mapping[str, str]) -> dict[str, Any] | None:
        """The claims in the cookies that Streamlit sets; None when they are none or not its own."""


@dataclass(frozen=True)
class _Answer:
    """What Streamlit's route answered, without its body."""

    status: int
    headers: Headers


class Login:
    """The routes that are there before anybody is signed in."""

    def __init__(self, app: ASGIApp, admission: Admission, streamlit: StreamlitLogin) -> None:
        self._app = app
        self._admission = admission
        self._streamlit = streamlit
        self._returns = ReturnPaths()

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """The answer to a request for one of PATHS."""
        path, method = scope["path"], scope["method"]
        if path == SIGN_OUT and method == "POST":
            return await run_in_threadpool(self._sign_out, scope)
        if method != "GET":
            return plain("Not here.", 405, Allow="GET", Connection="close")
        if path == START:
            return await self._start(scope, receive)
        if path == CALLBACK:
            return await self._called_back(scope, receive)
        if path == SIGN_IN:
            return self._sign_in(scope)
        return sign_out_page() if path == SIGN_OUT else RedirectResponse(SIGN_OUT, _SEE_OTHER)

    def _sign_in(self, scope: Scope) -> Response:
        query = QueryParams(scope["query_string"])
        said = query.get("said")
        token = cookie(scope, self._admission.cookie_name)
        asked = query.get("next")
        if said in ("expired", "revoked") and asked is None:
            # The page that was open led here itself.
            asked = referring_target(scope, self._admission.provider.origin)
        if self._admission.sessions.check(token, active=False):
            return RedirectResponse(safe_path(asked), _SEE_OTHER)
        page = sign_in_page(safe_path(asked), said if said in SAID else None)
        if token is not None:
            self._drop_cookie(page)
        return page

    def _sign_out(self, scope: Scope) -> Response:
        self._admission.sessions.end(cookie(scope, self._admission.cookie_name))
        answer = _to_sign_in("signed-out")
        self._drop_cookie(answer)
        return answer

    async def _start(self, scope: Scope, receive: Receive) -> Response:
        """Lead to the provider, with a fresh word for Streamlit's route."""
        word = self._streamlit.token(self._admission.provider.name)
        query = urlencode({"provider": word}).encode()
        answer = await _asked(self._app, {**scope, "query_string": query}, receive)
        leads_to = parse_qs(urlsplit(answer.headers.get("location", "")).query)
        protected = leads_to.get("code_challenge_method") == ["S256"] and "nonce" in leads_to
        if not protected or "state" not in leads_to:
            return _to_sign_in("failed")  # the provider does not answer; Streamlit has logged it
        asked = QueryParams(scope["query_string"]).get("next")
        self._returns.keep(leads_to["state"][0], safe_path(asked))
        return _passed_on(answer, answer.headers["location"])

    async def _called_back(self, scope: Scope, receive: Receive) -> Response:
        answer = await _asked(self._app, scope, receive)
        claims = self._streamlit.claims(_cookies_set(answer.headers))
        path = self._returns.take(QueryParams(scope["query_string"]).get("state"))
        if claims is None:
            return _passed_on(answer, f"{SIGN_IN}?said=failed&next={quote(path, safe='/')}")
        try:
            identity = identity_of(claims, self._admission.provider.trust, time.time())
        except NotTrusted as fault:
            await run_in_threadpool(self._note_refusal, str(fault))
            return _passed_on(answer, f"{SIGN_IN}?said=refused")
        token = await run_in_threadpool(self._begin, scope, identity)
        leading = _passed_on(answer, path)
        leading.set_cookie(
            self._admission.cookie_name,
            token,
            max_age=int(LONGEST.total_seconds()),
            path="/",
            secure=self._admission.provider.is_secure,
            httponly=True,
            samesite="lax",
        )
        return leading

    def _begin(self, scope: Scope, identity: Identity) -> str:
        """A new session in place of the one that this browser may have had."""
        self._admission.sessions.end(cookie(scope, self._admission.cookie_name))
        viewer = self._admission.viewer_for(identity)
        self._admission.note(
            what="sign-in",
            who=identity.key,
            role=viewer.role if viewer else None,
            outcome="done" if viewer else "no role",
        )
        return self._admission.sessions.begin(identity)

    def _note_refusal(self, why: str) -> None:
        # Who it was is not told: the claims are not to be trusted.
        self._admission.note(what="refusal", who="unknown", on="sign-in", outcome=why)

    def _drop_cookie(self, answer: Response) -> None:
        answer.delete_cookie(
            self._admission.cookie_name,
            path="/",
            secure=self._admission.provider.is_secure,
            httponly=True,
            samesite="lax",
        )


def _to_sign_in(said: str) -> Response:
    return RedirectResponse(f"{SIGN_IN}?said={said}", _SEE_OTHER)


async def _asked(app: ASGIApp, scope: Scope, receive: Receive) -> _Answer:
    """What Streamlit's route answers to a request."""
    started: list[Message] = []

    async def taking(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)

    await app(scope, receive, taking)
    return _Answer(started[0]["status"], Headers(raw=started[0]["headers"]))


def _cookies_set(headers: Headers) -> dict[str, str]:
    """The cookies of Streamlit's sign-in that an answer sets; those that it deletes are empty."""
    found: dict[str, str] = {}
    for line in headers.getlist("set-cookie"):
        for name, morsel in SimpleCookie(line).items():
            if name.startswith(STREAMLIT_COOKIES) and morsel.value:
                found[name] = morsel.value
    return found


def _passed_on(answer: _Answer, location: str) -> Response:
    """A redirect with the cookies of the protocol alone: neither person nor token."""
    response = RedirectResponse(location, _SEE_OTHER)
    for line in answer.headers.getlist("set-cookie"):
        if not line.startswith(STREAMLIT_COOKIES):
            response.headers.append("set-cookie", line)
    return response
