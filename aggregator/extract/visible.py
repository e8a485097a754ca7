"""What the page shows of the article's headline, byline, date or section, where metadata is silent."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author, extract_title

from aggregator.extract.byline import names
from aggregator.extract.claims import Claims, Found, Moment
from aggregator.extract.dates import moment
from aggregator.extract.plain import key, plain

_MOST_CRUMBS = 8
_MOST_PARENTS = 3
_MOST_TIMES = 50
_DAY_AND_ZONES = timedelta(days=1, hours=12)
_CRUMBS = (
    './/*[contains(@class, "breadcrumb") or contains(@id, "breadcrumb") or @itemprop="breadcrumb"]//a[@href]'
)


def claims(tree: HtmlElement, url: str, latest: datetime, known: Claims) -> Claims:
    """Claims for those fields that ``known`` lacks; looking for a date or an author costs some ms each."""
    return Claims(
        headline=None if known.headline else _headline(tree),
        byline=None if known.byline else _byline(tree),
        published=None if known.published else _published(tree, url, latest),
        section=None if known.section else _section(tree) or _path_to(tree, url, known.headline),
    )


def first_heading(tree: HtmlElement) -> str:
    """The text of the page's first h1 that has any; empty if there is none."""
    return next((text for element in tree.iter("h1") if (text := plain(element.text_content(), 500))), "")


def _headline(tree: HtmlElement) -> Found[str] | None:
    text = plain(extract_title(tree) or "", 500)
    return Found(text, "trafilatura:title") if text else None


def _byline(tree: HtmlElement) -> Found[tuple[str, ...]] | None:
    people = names((extract_author(tree) or "").split(";"))
    return Found(people, "trafilatura:author") if people else None


def _published(tree: HtmlElement, url: str, latest: datetime) -> Found[Moment] | None:
    """The day that htmldate finds, with its time of day if a ``time`` element of that day has one."""
    day = find_date(
        tree, original_date=True, url=url, outputformat="%Y-%m-%d", max_date=latest.strftime("%Y-%m-%d")
    )
    at = moment(day, latest) if day else None
    if at is None:
        return None
    for number, element in enumerate(tree.iter("time")):
        exact = moment(element.get("datetime") or "", latest)
        if exact and exact.precision and abs(exact.at.astimezone(UTC) - at.at) < _DAY_AND_ZONES:
            return Found(exact, "page:time")
        if number > _MOST_TIMES:
            break
    return Found(at, "htmldate")


def _section(tree: HtmlElement) -> Found[str] | None:
    """The last link of the breadcrumbs; the first one is the home page, the article itself is none."""
    crumbs = [plain(link.text_content(), 80) for link in tree.xpath(_CRUMBS)[:_MOST_CRUMBS]]
    named = [crumb for crumb in crumbs[1:] if crumb]
    return Found(named[-1], "page:breadcrumb") if named else None


def _is_home(url: str, href: str) -> bool:
    try:
        return urlsplit(urljoin(url, href)).path in {"", "/"}
    except ValueError:
        return False


def _path_to(tree: HtmlElement, url: str, headline: Found[str] | None) -> Found[str] | None:
    """The same without a class that says so: a few links from the home page on, then the headline."""
    last = key(headline.value) if headline else ""
    for link in tree.xpath("(.//a[@href])[position() <= 60]") if last else ():
        if not _is_home(url, link.get("href")):
            continue
        for parent in islice(link.iterancestors(), _MOST_PARENTS):
            links = parent.xpath(".//a[@href]")
            if 1 < len(links) <= _MOST_CRUMBS and key(parent.text_content()).endswith(last):
                named = plain(links[-1].text_content(), 80)
                return Found(named, "page:path") if named and key(named) != last else None
    return None
