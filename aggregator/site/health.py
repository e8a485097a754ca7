"""Whether the site lives, and whether it may be sent readers, for operators' monitors."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from aggregator.errors import StoreError
from aggregator.site import dates
from aggregator.site.ask import READ
from aggregator.site.context import Site
from aggregator.store import editions, migrations


def router(site: Site) -> APIRouter:
    """``/healthz`` (200 and the newest publication's time, or 503) and ``/readyz`` (200, or 503)."""
    routes = APIRouter()

    @routes.api_route("/healthz", methods=READ)
    def health() -> Response:
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

    @routes.api_route("/readyz", methods=READ)
    def ready() -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            there = migrations.revision(site.db)
        except StoreError as error:
            return JSONResponse({"status": "failing", "error": str(error)}, 503, headers)
        if there != migrations.HEAD:
            words = "the tables are of another version than this program; start it again"
            return JSONResponse({"status": "failing", "error": words}, 503, headers)
        return JSONResponse({"status": "ready"}, headers=headers)

    return routes
