"""Posters: the picture under which links to articles are passed on."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.model.edition import Publication, PublicationState
from aggregator.poster.drawing import Poster, draw
from aggregator.site import caching, language, prose
from aggregator.site.ask import NotFoundError, publication_id
from aggregator.site.card import headline, tint
from aggregator.site.context import Site
from aggregator.site.routes import read
from aggregator.site.wording import say
from aggregator.store import editions

CACHE = "public, max-age=3600"


def routes(site: Site) -> list[Route]:
    """The route of posters: 410 for an article that is withdrawn."""

    def poster(request: Request, file: str) -> Response:
        number, dot, kind = file.partition(".")
        publication = editions.publication(site.db, publication_id(number))
        if publication is None or (dot, kind) != (".", "png"):
            raise NotFoundError
        match publication.state:
            case PublicationState.PUBLISHED:
                return _poster(request, _of(publication, site), site.release)
            case PublicationState.WITHDRAWN:
                words = say("This article has been withdrawn")
                return site.page("failure.html", 410, title=say("Withdrawn"), code=410, explanation=words)
            case PublicationState.REFUSED:
                raise NotFoundError

    return [read("/poster/{file}", poster)]


def _of(publication: Publication, site: Site) -> Poster:
    return Poster(
        headline=headline(publication),
        outlet=prose.line(publication.outlet_name),
        site=prose.line(site.settings.site.name),
        language=language.tag(publication.language),
        tint=tint(publication.outlet),
    )


def _poster(request: Request, poster: Poster, release: str) -> Response:
    etag = hashlib.sha256(f"{release} {poster}".encode("utf-8", "replace")).hexdigest()[:24]
    version = caching.Validators(f'"{etag}"', None)
    response = caching.conditional(request, version, lambda: Response(draw(poster), media_type="image/png"))
    response.headers["Cache-Control"] = CACHE
    return response
