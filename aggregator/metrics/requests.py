"""How the site answers, measured at its outermost door."""

from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds: readers' pages are to take 50 ms, the desk's 100 ms."""

_AREAS: Final = frozenset({"api", "desk", "static", "picture", "poster", "metrics", "healthz", "readyz"})


class Meter:
    """ASGI middleware that measures each request; no address of a reader or a page becomes a label."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._seconds = Histogram(
            "aggregator_request_seconds",
            "Time to answer a request, by part of the site and class of status.",
            ["area", "status"],
            buckets=BUCKETS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started = 500, perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            labels = (_area(scope["path"]), f"{status // 100}xx")
            self._seconds.labels(*labels).observe(perf_counter() - started)


def _area(path: str) -> str:
    first = path.strip("/").partition("/")[0]
    return first if first in _AREAS else "pages"
