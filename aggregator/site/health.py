"""Whether the site lives, and whether it may be sent readers, for operators' monitors."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aggregator.errors import StoreError
from aggregator.site import dates
from aggregator.site.context import Site
from aggregator.site.routes import read
from aggregator.store import editions, migrations


def routes(site: Site) -> list[Route]:
    """``/healthz`` (200 and the newest publication's time, or 503) and ``/readyz`` (200, or 503)."""

    def health(_request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            newest = editions.front(site.db, limit=1, order="arrived").items
        except StoreError as error:
            return JSONResponse({"status": "failing", "error": str(error)}, 503, headers)
        facts = {
            "status": "ok",
            "database": site.db.dialect,
            "newest_publication": dates.iso(newest[0].published_at) if newest else None,
        }
        return JSONResponse(facts, headers=headers)

    def ready(_request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            there = migrations.revision(site.db)
        except StoreError as error:
            return JSONResponse({"status": "failing", "error": str(error)}, 503, headers)
        if there != migrations.HEAD:
            words = "the tables are of another version than this program; start it again"
            return JSONResponse({"status": "failing", "error": words}, 503, headers)
        return JSONResponse({"status": "ready"}, headers=headers)

    return [read("/healthz", health), read("/readyz", ready)]
