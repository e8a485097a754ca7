"""What the page tells robots: its robots meta tags and the X-Robots-Tag header."""

import re

from aggregator.extract.metatags import Tags
from aggregator.extract.plain import plain
from aggregator.model.page import FetchedPage

# A header value may open with the name of the crawler it is meant for; these words open a directive instead.
_WITH_VALUE = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_FOR_ONE_BOT = re.compile(r"^\s*([a-z0-9_-]+)\s*:", re.IGNORECASE)
_MOST = 20

PRODUCT = "aggregator"
"""The name by which pages and robots.txt address us."""


def directives(page: FetchedPage, meta: Tags) -> tuple[str, ...]:
    """The directives for every robot and for us, lower case, each once; those for others are not ours."""
    headers = [ours for key, value in page.headers if key == "x-robots-tag" and (ours := _for_us(value))]
    tags = (*meta.get("robots", ()), *meta.get(PRODUCT, ()))
    parts = (plain(part, 80).lower() for value in (*tags, *headers) for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:_MOST]


def _for_us(value: str) -> str | None:
    """What a header's value tells us; None if it is meant for another crawler."""
    name = _FOR_ONE_BOT.match(value)
    if name is None or name[1].lower() in _WITH_VALUE:
        return value
    return value[name.end() :] if name[1].lower() == PRODUCT else None
