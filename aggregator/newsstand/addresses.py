"""Where an outlet's lists stand on its site."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

HOME = "/"
ROBOTS = "/robots.txt"
LATEST = "/latest/"
SITEMAP_INDEX = "/sitemap.xml"
NEWS_SITEMAP = "/news-sitemap.xml"
SECTION_PREFIX = "/section/"
MEDIA_PREFIX = "/media/"
FEEDS: Mapping[str, str] = MappingProxyType(
    {"rss": "/rss.xml", "atom": "/atom.xml", "rdf": "/index.rdf", "json": "/feed.json"}
)


def section_path(section: str) -> str:
    """The path of a section's page: ``/section/`` and its name, lower case, hyphens for spaces."""
    return SECTION_PREFIX + quote(section_name(section)) + "/"


def section_name(section: str) -> str:
    """A section's name as its path writes it before percent-encoding."""
    return "-".join(section.lower().split())


def media_path(slug: str) -> str:
    """The path of an article's picture."""
    return f"{MEDIA_PREFIX}{quote(slug)}.jpg"
