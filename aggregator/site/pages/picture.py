"""Our pictures' files, as long as an article is out with them."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from aggregator import gallery
from aggregator.site import caching
from aggregator.site.ask import READ, NotFoundError
from aggregator.site.context import Site
from aggregator.site.wording import say
from aggregator.store import pictures

CACHE = "public, max-age=604800, immutable"
"""A name never gets other bytes; a week, since what is taken down must not stay in caches for a year."""


def router(site: Site) -> APIRouter:
    """The route of pictures: 410 for one that nothing is out with any more."""
    routes = APIRouter()
    folder = site.settings.path(site.settings.pictures)

    @routes.api_route("/picture/{file}", methods=READ)
    def picture(request: Request, file: str) -> Response:
        named = gallery.NAMED.fullmatch(file)
        is_shown = pictures.is_shown(site.db, named["name"]) if named else None
        path = gallery.file_of(folder, file) if named else folder
        if named is None or is_shown is None or (is_shown and not path.is_file()):
            raise NotFoundError
        if not is_shown:
            words = say("This article has been withdrawn")
            return site.page("failure.html", 410, title=say("Withdrawn"), code=410, explanation=words)
        answer = FileResponse(path, media_type=f"image/{named['kind']}")
        response = caching.conditional(request, caching.Validators(f'"{file}"', None), lambda: answer)
        response.headers["Cache-Control"] = CACHE
        return response

    return routes
