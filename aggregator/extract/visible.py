"""What is found in the page of the headline, byline, date or section, where nothing else tells."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.etree import XPath
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author, extract_title

from aggregator.extract.almanac import Almanac
from aggregator.extract.byline import is_person, names
from aggregator.extract.claims import Claims, Found, Moment
from aggregator.extract.dates import moment, spoken
from aggregator.extract.plain import key, plain

# Photographs of an article are taken before it is published; those of older days say nothing.
_PICTURED_WITHIN = timedelta(days=30)
_MOST_PICTURES = 60
_CAPTION_CHARS = 400
_MOST_CRUMBS = 8
_LONGEST_HOME_CHARS = 40
# An address with a path of its own, and no dots in it that could lead back up.
_IN_FOLDER = re.compile(r"(?:https?://[^/?#]+)?/[^/.?#][^.?#]*+(?:[?#]|$)")
_MOST_PARENTS = 3
_CRUMBS = XPath(
    'descendant::*[@class[contains(., "breadcrumb")] or @id[contains(., "breadcrumb")]'
    ' or @itemprop="breadcrumb"]/descendant::a[@href]'
)
_MOST_LINKS = 60


def claims(tree: HtmlElement, url: str, almanac: Almanac, known: Claims) -> Claims:
    """Claims for those fields that ``known`` lacks; looking for a date or an author costs some ms each."""
    return Claims(
        byline=None if known.byline else _byline(tree),
        published=None if known.published else _published(tree, url, almanac),
        section=None if known.section else _section(tree) or _path_to(tree, url, known.headline),
    )


def headline(tree: HtmlElement) -> Found[str] | None:
    """The headline of a page that has neither a title nor an h1."""
    text = plain(extract_title(tree) or "", 500)
    return Found(text, "trafilatura:title") if text else None


def title(tree: HtmlElement) -> str:
    """The page's title as browsers show it; empty if it has none. Titles inside pictures do not count."""
    return next(
        (text for element in tree.iterfind(".//head//title") if (text := plain(element.text or ""))), ""
    )


def _byline(tree: HtmlElement) -> Found[tuple[str, ...]] | None:
    people = tuple(name for name in names((extract_author(tree) or "").split(";")) if is_person(name))
    return Found(people, "trafilatura:author") if people else None


def _published(tree: HtmlElement, url: str, almanac: Almanac) -> Found[Moment] | None:
    """The guess of htmldate, unless it contradicts itself or the page.

    It says 1 January where it found no more than a year, mostly a copyright's. And what it finds in the
    text may be the day of one photograph, when others of the article were taken later.
    """
    latest = almanac.latest.strftime("%Y-%m-%d")
    day = find_date(tree, original_date=True, url=url, outputformat="%Y-%m-%d", max_date=latest)
    at = moment(day, almanac) if day else None
    if at is None or ((at.at.month, at.at.day) == (1, 1) and at.at.date() != almanac.day):
        return None
    pictured = [one for one in _pictured(tree, almanac) if at.at < one.at <= at.at + _PICTURED_WITHIN]
    return Found(max(pictured, key=lambda one: one.at), "page:caption") if pictured else Found(at, "htmldate")


def _pictured(tree: HtmlElement, almanac: Almanac) -> Iterator[Moment]:
    """The days that captions and alternative texts of the page's pictures tell."""
    for element in islice(tree.iter("figcaption", "img"), _MOST_PICTURES):
        text = element.get("alt") if element.tag == "img" else element.text_content()
        if found := spoken(plain(text or "", _CAPTION_CHARS), almanac):
            yield Moment(found.at.replace(hour=0, minute=0), 0)


def _section(tree: HtmlElement) -> Found[str] | None:
    """The last link of the breadcrumbs; the first one is the home page, the article itself is none."""
    crumbs = [plain(link.text_content(), 80) for link in _CRUMBS(tree)[:_MOST_CRUMBS]]
    named = [crumb for crumb in crumbs[1:] if crumb]
    return Found(named[-1], "page:breadcrumb") if named else None


def _is_home(url: str, href: str) -> bool:
    path = (href.partition("://")[2] or href).partition("/")[2]
    # Most links lead elsewhere; joining each one took longer than all else that looks for a section.
    if len(path.rstrip("/")) > _LONGEST_HOME_CHARS or (path[:1].isalnum() and _IN_FOLDER.match(href)):
        return False
    try:
        return urlsplit(urljoin(url, href)).path in {"", "/"}
    except ValueError:
        return False


def _path_to(tree: HtmlElement, url: str, headline: Found[str] | None) -> Found[str] | None:
    """The same without a class that says so: a few links from the home page on, then the headline."""
    last = key(headline.value) if headline else ""
    for link in islice(tree.iterfind(".//a[@href]"), _MOST_LINKS) if last else ():
        if not _is_home(url, link.get("href")):
            continue
        for parent in islice(link.iterancestors(), _MOST_PARENTS):
            links = parent.xpath(".//a[@href]")
            if 1 < len(links) <= _MOST_CRUMBS and key(parent.text_content()).endswith(last):
                named = plain(links[-1].text_content(), 80)
                return Found(named, "page:path") if named and key(named) != last else None
    return None
