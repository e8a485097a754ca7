"""The desk's cookies: who is at work, and who stands at the door."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

SESSION: Final = "desk"
DOOR: Final = "desk-door"
DOOR_SECONDS: Final = 3600
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def is_secure(request: Request, base_url: str) -> bool:
    """Whether readers come by https: then a cookie must never travel without it."""
    return base_url.startswith("https://") or request.url.scheme == "https"


def read(request: Request, name: str, base_url: str) -> str | None:
    """A cookie's secret; None if there is none, or it is nothing that we gave out.

    Over https only the name that no other host and no page without https can set is believed.
    """
    value = request.cookies.get(_name(name, is_secure=is_secure(request, base_url)), "")
    return value if _SECRET.fullmatch(value) else None


def give(response: Response, request: Request, base_url: str, *, name: str, secret: str) -> None:
    """Have the browser keep a secret: no script sees it, no other site's form carries it.

    Lax, not Strict: who follows a link from an alarm's mail is still logged in; every action needs a form
    of this session besides. The session's cookie ends with the browser, and the server ends it before.
    """
    secure = is_secure(request, base_url)
    response.set_cookie(
        _name(name, is_secure=secure),
        secret,
        max_age=DOOR_SECONDS if name == DOOR else None,
        path=_path(is_secure=secure),
        secure=secure,
        httponly=True,
        samesite="strict" if name == DOOR else "lax",
    )


def forget(response: Response, request: Request, base_url: str, *, name: str) -> None:
    """Have the browser forget a cookie."""
    secure = is_secure(request, base_url)
    response.delete_cookie(
        _name(name, is_secure=secure), path=_path(is_secure=secure), secure=secure, httponly=True
    )


def _name(name: str, *, is_secure: bool) -> str:
    return f"__Host-{name}" if is_secure else name


def _path(*, is_secure: bool) -> str:
    # The prefix asks for the whole host (RFC 6265bis, 4.1.3.2).
    return "/" if is_secure else "/desk"
