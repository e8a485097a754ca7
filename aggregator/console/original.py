"""A kept page as people may look at it: what it says, without anything in it that acts or fetches."""

from typing import Final

import nh3

from aggregator import archive, charsets
from aggregator.config import Settings
from aggregator.console.errors import NotThere
from aggregator.errors import ArchiveError
from aggregator.extract.decode import decode
from aggregator.store import desk_article
from aggregator.store.desk_article import Request
from aggregator.store.engine import Database

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""Nothing of the page runs, and it can ask for nothing. Its only styles are ours: its own are taken out."""

LARGEST_CHARS: Final = 3_000_000
_TAGS: Final = frozenset(
    {"article", "section", "header", "footer", "main", "aside", "nav", "div", "span", "p", "br", "hr"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "q", "cite"}
    | {"pre", "code", "em", "strong", "b", "i", "u", "s", "small", "sub", "sup", "mark", "del", "ins", "a"}
    | {"abbr", "time", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "address"}
    | {"figure", "figcaption", "bdi", "bdo", "details", "summary"}
)
_DROPPED: Final = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "math"})
_ATTRIBUTES: Final = {
    "*": {"dir", "lang"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_FRAME: Final = """<!doctype html>
<html><head><meta charset="utf-8"><title>The kept page</title><style>
:root {{ color-scheme: light; background: #fff; color: #111; }}
body {{ font: 16px/1.55 system-ui, sans-serif; margin: 1rem; overflow-wrap: anywhere; }}
</style></head><body>{}</body></html>
"""


def last_kept(db: Database, article_id: int) -> Request | None:
    """The last request for an article's page that left one in the archive."""
    return next((one for one in desk_article.requests(db, article_id) if one.archived is not None), None)


def shown(settings: Settings, request: Request) -> str:
    """The page of a request as harmless HTML: text and structure; no script, style, picture, form or link.

    Raises:
        NotThere: the archive does not have it any more.
    """
    if request.archived is None:
        raise NotThere("No page was kept of this request.")
    try:
        _, _, headers, body = archive.read(settings.path(settings.pages), request.archived)
    except ArchiveError as error:
        raise NotThere(f"The kept page cannot be read: {error}") from error
    text, _ = decode(body, charsets.of_content_type(dict(headers).get("content-type", "")))
    cleaned = nh3.clean(
        text[:LARGEST_CHARS],
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        link_rel=None,
        strip_comments=True,
    )
    return _FRAME.format(cleaned)
