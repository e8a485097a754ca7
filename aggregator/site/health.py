"""The health check for operators' monitors."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from aggregator.errors import StoreError
from aggregator.site import dates
from aggregator.site.ask import READ
from aggregator.site.context import Site
from aggregator.store import editions


def router(site: Site) -> APIRouter:
    """The route of the health check: 200 with the newest publication's time, or 503."""
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

    return routes
