"""A real OpenID provider on loopback: `python provider_process.py PORT PEOPLE.json`.

oidc-provider-mock, with PKCE enforced: it reads no code challenge itself.
"""

import hashlib
import json
import re
import sys
import warnings
from base64 import urlsafe_b64encode
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import flask

with warnings.catch_warnings():
    # Its own use of authlib.jose is deprecated; ours is none.
    warnings.simplefilter("ignore")
    from oidc_provider_mock import User, app

challenges: dict[str, str] = {}


def remember_challenge(answer: flask.Response) -> flask.Response:
    """Which challenge belongs to the code that is handed out."""
    asked = flask.request.args
    code = parse_qs(urlsplit(answer.headers.get("Location", "")).query).get("code")
    if flask.request.path == "/oauth2/authorize" and code:
        if asked.get("code_challenge_method") != "S256":
            flask.abort(400, "no PKCE")
        challenges[code[0]] = asked["code_challenge"]
    return answer


def stay_on_loopback(answer: flask.Response) -> flask.Response:
    """The provider's own page without the style sheet that it would fetch from elsewhere."""
    if answer.mimetype == "text/html":
        text = answer.get_data(as_text=True)
        answer.set_data(
            re.sub(r"<link[^>]*https://[^>]*>", '<link rel="icon" href="data:,">', text)
        )
    return answer


def hold_verifier() -> None:
    """Only who began the sign-in knows the text that the challenge was made of (RFC 7636, 4.6)."""
    if flask.request.path == "/oauth2/token":
        given = flask.request.form
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenges.pop(given.get("code", ""), None) != challenge:
            flask.abort(400, "another verifier")


def serve(port: int, people: Path) -> None:
    told = json.loads(people.read_text(encoding="utf-8"))
    provider = app(user_claims=[User(sub=sub, claims=claims) for sub, claims in told.items()])
    provider.debug = False
    provider.after_request(remember_challenge)
    provider.after_request(stay_on_loopback)
    provider.before_request(hold_verifier)
    provider.run(host="127.0.0.1", port=port, threaded=True)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
