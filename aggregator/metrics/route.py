"""``/metrics``: for programs on this machine, and for those with a token."""

import ipaddress
from collections.abc import Callable
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator import clock, passwords
from aggregator.config import Settings
from aggregator.metrics.collector import StoreCollector
from aggregator.metrics.requests import Meter
from aggregator.model.desk import Scope
from aggregator.store import desk_tokens
from aggregator.store.engine import Database

PATH: Final = "/metrics"
_PASSED_ON: Final = ("x-forwarded-for", "x-real-ip", "forwarded", "via")
_NO_STORE: Final = {"Cache-Control": "no-store"}
_REFUSED: Final = (
    "Metrics are for programs on this machine, asking without a proxy, or with a token that may read: "
    "aggregator token add prometheus --scope read\n"
)


def install(
    app: Starlette, db: Database, settings: Settings, *, now: Callable[[], datetime] = clock.now
) -> None:
    """Have a site tell its metrics, and measure its requests from now on."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(db, settings, now))
    ProcessCollector(registry=registry)

    def metrics(request: Request) -> Response:
        if not (_is_near(request) or _has_token(request, db, now())):
            return PlainTextResponse(_REFUSED, 403, _NO_STORE)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=_NO_STORE)

    app.router.routes.append(Route(PATH, metrics, methods=["GET"]))
    app.add_middleware(Meter, registry=registry)


def _is_near(request: Request) -> bool:
    # A proxy on this machine asks for others: what came through one is not near, whoever is believed.
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has_token(request: Request, db: Database, at: datetime) -> bool:
    kind, _, told = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not told.strip():
        return False
    token = desk_tokens.find(db, passwords.digest(told.strip()), at)
    return token is not None and Scope.READ in token.scopes
