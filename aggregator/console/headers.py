"""The headers of everything that the desk answers."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.site.security import HEADERS

POLICY: Final = f"{HEADERS['Content-Security-Policy']}; frame-src 'self'"
"""The readers' policy; a page of the desk may also frame one of ours: the kept original."""

_EVERY: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not "no-referrer": with that, browsers do not say where a form comes from.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
_STATIC: Final = "/desk/static/"


class DeskHeaders:
    """ASGI middleware: nobody keeps a page of the desk, frames it, or finds it by search."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, adding headers to the start of each response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in _EVERY.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith(_STATIC):
                    headers["Cache-Control"] = "no-store"
                    headers["Vary"] = "Cookie, Authorization"
            await send(message)

        await self.app(scope, receive, send_with_headers)
