"""The headers that every response carries, whatever made it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    # One script of our own, no frame, nothing from elsewhere: text that slips through an escape still
    # cannot act.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Outlets may see that a reader comes from us, never from which page.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
PAGE_POLICY = HEADERS["Content-Security-Policy"].removesuffix("; frame-ancestors 'none'")
"""What of the policy a page can say of itself, where no header says it."""

CACHE = "public, max-age=60"
_ALL = HEADERS | {"Cache-Control": CACHE}
_RAW = [(name.lower().encode(), words.encode()) for name, words in _ALL.items()]


class SecurityHeaders:
    """ASGI middleware that adds those of ``HEADERS``, and ``Cache-Control``, that the response has not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, adding headers to the start of each HTTP response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(message)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add(message: Message) -> None:
    headers = message["headers"]
    there = {name.lower() for name, _ in headers}
    message["headers"] = [*headers, *(pair for pair in _RAW if pair[0] not in there)]
