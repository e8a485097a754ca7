"""Our pictures' files, as long as an article is out with them."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from aggregator import gallery
from aggregator.site import caching
from aggregator.site.ask import NotFoundError
from aggregator.site.context import Site
from aggregator.site.routes import read
from aggregator.site.wording import say
from aggregator.store import pictures

CACHE = "public, max-age=604800, immutable"
"""A name never gets other bytes; a week, since what is taken down must not stay in caches for a year."""


def routes(site: Site) -> list[Route]:
    """The route of pictures: 410 for one that nothing is out with any more."""
    folder = site.settings.path(site.settings.pictures)

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

    return [read("/picture/{file}", picture)]
