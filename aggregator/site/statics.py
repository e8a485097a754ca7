"""Static files: style sheet, scripts and icon, read once, packed once a minute, kept by readers for good."""

import hashlib
import mimetypes
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.site.ask import NotFoundError
from aggregator.site.caching import Validators, conditional
from aggregator.site.context import Site

FOR_GOOD: Final = "public, max-age=31536000, immutable"
"""For addresses that name the release, as those in pages do: another style sheet has another address."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder ``static``: its bytes, what they are, their version."""

    body: bytes
    kind: str
    version: Validators


def routes(site: Site) -> list[Route]:
    """The route of the files that the folder has now."""
    files = {file.name: _read(file.name, file.read_bytes()) for file in _folder() if file.is_file()}

    # Nothing here waits for anything: no thread is needed.
    async def static(request: Request) -> Response:
        file = files.get(request.path_params["name"])
        if file is None:
            raise NotFoundError

        def answer() -> Response:
            return Response(file.body, media_type=file.kind)

        response = conditional(request, file.version, answer, site.made)
        response.headers["Vary"] = "Accept-Encoding"
        if request.url.query == site.release:
            response.headers["Cache-Control"] = FOR_GOOD
        return response

    return [Route("/static/{name}", static, methods=["GET"])]


def _folder() -> list[Traversable]:
    return list((resources.files("aggregator.site") / "static").iterdir())


def _read(name: str, body: bytes) -> File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(body, kind, Validators(f'W/"{hashlib.sha256(body).hexdigest()[:24]}"', None))
