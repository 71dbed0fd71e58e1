"""The few pages that the gate serves itself: plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from gapmap.gate.headers import hash_source
from gapmap.gate.identity import Identity

TITLE = "gapmap"
_STYLE = """
body { margin: 0; background: #f1f4f7; color: #1b1f24;
  font: 1rem/1.5 "Source Sans", "Source Sans Pro", system-ui, sans-serif; }
main { max-width: 30rem; margin: 14vh auto 0; padding: 2rem; background: #fff;
  border-radius: .5rem; border-top: .3rem solid #0b5394; }
h1 { margin: 0 0 .6rem; font-size: 1.7rem; }
p { margin: 0 0 1.2rem; }
.said { background: #fff4ce; border-radius: .4rem; padding: .45rem .8rem; }
code { overflow-wrap: anywhere; }
.button { display: inline-block; padding: .55rem 1.1rem; border: 0; border-radius: .5rem;
  background: #0b5394; color: #fff; font: inherit; text-decoration: none; cursor: pointer; }
.button:focus-visible { outline: .2rem solid #e69f00; outline-offset: .15rem; }
"""
_POLICY = (
    f"default-src 'none'; style-src {hash_source(_STYLE)}; img-src data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
ABOUT = (
    "Where London's boroughs and schools have a gap in keeping children safe from sexual "
    "harassment. For members of the safeguarding partnerships."
)
SAID = {
    "signed-out": "You have signed out.",
    "expired": "You have been signed out: nothing was done for 15 minutes, or 8 hours have passed.",
    "revoked": "You have been signed out. Your access has changed: sign in again.",
    "failed": "You were not signed in. Try again; if that does not help, ask your administrator.",
    "refused": "Your account may not sign in here. Ask your administrator.",
}


def _page(title: str, content: str, status: int) -> Response:
    text = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # An empty icon, or the browser would ask for one and be refused.
        '<link rel="icon" href="data:,">'
        f"<style>{_STYLE}</style></head><body><main>{content}</main></body></html>\n"
    )
    return HTMLResponse(text, status, headers={"Content-Security-Policy": _POLICY})


def sign_in_page(path: str, said: str | None, status: int = 200) -> Response:
    """The page with the one button. `path` is where it leads in the end; `said`: a key of SAID."""
    notice = f'<p class="said" role="status">{escape(SAID[said])}</p>' if said in SAID else ""
    content = (
        f"<h1>{TITLE}</h1>{notice}<p>{escape(ABOUT)}</p>"
        f'<a class="button" href="/auth/login?next={quote(path, safe="/")}">Sign in</a>'
    )
    return _page(f"Sign in · {TITLE}", content, status)


_SIGN_OUT = '<form method="post" action="/sign-out"><button class="button">Sign out</button></form>'


def sign_out_page() -> Response:
    return _page(f"Sign out · {TITLE}", f"<h1>{TITLE}</h1><p>Sign out?</p>{_SIGN_OUT}", 200)


def no_role_page(identity: Identity) -> Response:
    """For somebody whom the provider knows and the access table does not.

    The administrator gives the role to the key that it shows.
    """
    content = (
        f"<h1>{TITLE}</h1><p>You are signed in as {escape(identity.name)} and have no role yet: "
        "ask your administrator.</p><p>This is the key by which you are known here:<br>"
        f"<code>{escape(identity.key)}</code></p>{_SIGN_OUT}"
    )
    return _page(f"No role · {TITLE}", content, 403)
