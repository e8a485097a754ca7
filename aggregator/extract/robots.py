"""What the page tells robots: its robots meta tags and the X-Robots-Tag header."""

import re

from aggregator.extract.metatags import Tags
from aggregator.extract.plain import plain
from aggregator.model.page import FetchedPage

# A header value may open with the name of the crawler it is meant for; these words open a directive instead.
_WITH_VALUE = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_FOR_ONE_BOT = re.compile(r"^\s*([a-z0-9_-]+)\s*:", re.IGNORECASE)
_MOST = 20


def directives(page: FetchedPage, meta: Tags) -> tuple[str, ...]:
    """The directives for every robot, lower case, each once; those for one named crawler are not ours."""
    headers = [value for key, value in page.headers if key == "x-robots-tag" and not _is_for_one_bot(value)]
    parts = (
        plain(part, 80).lower() for value in (*meta.get("robots", ()), *headers) for part in value.split(",")
    )
    return tuple(dict.fromkeys(part for part in parts if part))[:_MOST]


def _is_for_one_bot(value: str) -> bool:
    name = _FOR_ONE_BOT.match(value)
    return name is not None and name[1].lower() not in _WITH_VALUE
