"""An HTTP answer: validators, 304, gzip."""

import gzip
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

_SMALLEST_GZIP_BYTES = 600
_MAX_AGE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Resource:
    """What stands at an address: the bytes, their type, and when they last changed."""

    body: bytes
    media_type: str
    changed: datetime
    status: int = 200


def answer(request: Request, resource: Resource) -> Response:
    """The answer to a GET or HEAD: 304 if the client's validators hold (RFC 9110, 13.1), else the bytes.

    The ETag is that of the uncompressed bytes, and weak, so that it holds for both codings.
    """
    headers = {
        "ETag": f'W/"{hashlib.sha256(resource.body).hexdigest()[:20]}"',
        "Last-Modified": format_datetime(resource.changed.astimezone(UTC), usegmt=True),
        "Cache-Control": f"max-age={_MAX_AGE_SECONDS}",
        "Vary": "Accept-Encoding",
    }
    if resource.status == 200 and _holds(request, headers["ETag"], resource.changed):  # noqa: PLR2004 - HTTP's OK
        return Response(status_code=304, headers=headers)
    body = resource.body
    if len(body) >= _SMALLEST_GZIP_BYTES and _takes_gzip(request):
        body = gzip.compress(body, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, resource.status, headers, resource.media_type)


def _holds(request: Request, etag: str, changed: datetime) -> bool:
    if_none_match = request.headers.get("if-none-match")
    if if_none_match is not None:
        offered = {tag.strip() for tag in if_none_match.split(",")}
        return "*" in offered or etag in offered
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return changed < parsedate_to_datetime(since) + timedelta(seconds=1)
    except (ValueError, TypeError):
        return False


def _takes_gzip(request: Request) -> bool:
    codings = [part.replace(" ", "") for part in request.headers.get("accept-encoding", "").split(",")]
    return any(coding == "gzip" or coding.startswith("gzip;q=") for coding in codings) and (
        "gzip;q=0" not in codings
    )
