"""The limit: how many requests one client may make, by the generic cell rate algorithm (ITU-T I.371)."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

SPAN_SECONDS = 60.0
MOST_CLIENTS = 50_000
"""Clients that are remembered, about 10 MB; who was away longest is forgotten first."""

_IPV6_PREFIX = 64  # one subscriber's network: within it a client may take any address


@dataclass(slots=True)
class Limiter:
    """Lets each client make so many requests at once, and as many again spread over each minute."""

    per_minute: int
    _due: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def wait_seconds(self, client: str, at: float) -> float:
        """How long the client must wait at a moment; 0 lets the request pass, and counts it."""
        step = SPAN_SECONDS / self.per_minute
        due = max(self._due.pop(client, at), at)
        wait = due + step - SPAN_SECONDS - at
        is_free = wait <= step / 1000  # what rounding makes of zero
        self._due[client] = due + step if is_free else due
        if len(self._due) > MOST_CLIENTS:
            self._due.popitem(last=False)
        return 0.0 if is_free else wait


def client_of(scope: Scope) -> str:
    """Who asks: an address, an IPv6 client's network."""
    host = str((scope.get("client") or ("unknown",))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host[:_IPV6_PREFIX]
    if not isinstance(address, IPv6Address):
        return host
    return str(address.ipv4_mapped or ip_network((address, _IPV6_PREFIX), strict=False))


class Limited:
    """ASGI middleware that answers 429 to who asks too often; ``refuse`` makes that answer."""

    def __init__(self, app: ASGIApp, limiter: Limiter, refuse: Callable[[int], Response]) -> None:
        self._app, self._limiter, self._refuse = app, limiter, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or refuse it."""
        wait = 0.0
        if scope["type"] == "http":
            wait = self._limiter.wait_seconds(client_of(scope), time.monotonic())
        await (self._refuse(math.ceil(wait)) if wait else self._app)(scope, receive, send)
