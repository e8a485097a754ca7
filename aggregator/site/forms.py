"""Forms as browsers send them: read up to a size, from our own pages only."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from aggregator.site.wording import say

MOST_FIELDS: Final = 200


class FormError(Exception):
    """What was sent is not taken; the reader is told why, and gets the form back."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status, self.problem = status, problem


async def fields(request: Request, base_url: str, largest_bytes: int) -> Mapping[str, list[str]]:
    """The form's fields, each with its values.

    Raises:
        FormError: it comes from another site, is too large, or is no form.
    """
    if not _is_from_here(request, base_url):
        raise FormError(403, say("This form was sent from another site; please fill it in here."))
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest_bytes:
            raise FormError(413, say("This was longer than we can take; please shorten it."))
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise FormError(400, say("This form was sent in a way that we do not understand.")) from None


def _is_from_here(request: Request, base_url: str) -> bool:
    """Whether the form was sent from a page of ours: browsers say where a form comes from."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") in {None, "same-origin", "none"}
    hosts = {urlsplit(base_url).netloc, request.headers.get("host", "")}
    return urlsplit(origin).netloc in hosts
