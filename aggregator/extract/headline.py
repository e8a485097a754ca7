"""The headline, out of the several that a page gives to readers, to other sites and to search engines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.extract.claims import Found
from aggregator.extract.plain import key
from aggregator.extract.sitename import Site, without_site_name

_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)$")
# What closes an attribute in HTML.
_QUOTES = ('"', "'")
_ALIKE = 0.5
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Titles:
    """What a page and its feed call an article.

    ``shared`` is written for other sites to show (``og:title``), ``stated`` for machines (JSON-LD), ``shown``
    are the texts of the page's h1 elements, ``window`` is the browser's title, ``listed`` the feed's.
    """

    shared: Found[str] | None
    stated: Found[str] | None
    shown: tuple[str, ...]
    window: str
    listed: Found[str] | None = None

    def all(self) -> Iterator[Found[str]]:
        """Every title that there is."""
        named = (self.shared, self.stated, self.listed)
        yield from (one for one in named if one)
        yield from (Found(text, "page:h1") for text in self.shown)
        if self.window:
            yield Found(self.window, "page:title")


def choose(titles: Titles, site: Site) -> Found[str] | None:
    """The article's headline without the site's name; None if nobody gives one.

    What the publisher writes for other sites to show comes first: it stands for itself, and it is kept in
    step with the article. Yet where it only repeats the browser's title it was written for search engines;
    then the headline shown in the page is taken, if JSON-LD or the feed gives the same, or, where they give
    none, if it speaks of the same.
    """
    first = titles.shared or titles.stated or _of_window(titles, site) or titles.listed
    if first is None:
        return None
    heading = _nearest(first.value, titles.shown)
    taken = Found(without_site_name(_whole(first.value, titles), site, heading), first.source)
    shown = _shown(taken.value, titles, site)
    return Found(shown, "page:h1") if shown else taken


def _shown(taken: str, titles: Titles, site: Site) -> str:
    """The h1 that is the headline instead of ``taken``; empty if none is."""
    others = [without_site_name(one.value, site) for one in (titles.stated, titles.listed) if one]
    known = {key(text) for text in others}
    if any(key(text) == key(taken) for text in titles.shown):
        return ""
    backed = next((text for text in titles.shown if key(text) in known), "")
    if backed:
        return "" if _sides_with(titles.window, backed, taken) else backed
    heading = _nearest(taken, titles.shown)
    if titles.stated or not heading or key(taken) in key(heading):
        return ""
    return heading if _sides_with(titles.window, taken, heading) else ""


def _of_window(titles: Titles, site: Site) -> Found[str] | None:
    """The h1 that the browser's title contains, else that title."""
    if not titles.window:
        return Found(titles.shown[0], "page:h1") if titles.shown else None
    held = [text for text in titles.shown if key(text) in key(titles.window) and not site.is_named(text)]
    if held:
        return Found(max(held, key=len), "page:h1")
    return Found(titles.window, "page:title")


def _sides_with(window: str, one: str, other: str) -> bool:
    """Whether the browser's title holds ``one``, and not the ``other`` as a longer form of it."""
    held = key(window)
    mine, theirs = key(one), key(other)
    return mine in held and not (theirs in held and len(theirs) > len(mine))


def _nearest(title: str, headings: tuple[str, ...]) -> str:
    """The heading with most words in common with a title; empty if none shares half of the shorter."""
    words = _words(title)
    shares = {text: _share(words, _words(text)) for text in headings}
    best = max(shares, key=shares.__getitem__, default="")
    return best if best and shares[best] >= _ALIKE else ""


def _share(some: set[str], others: set[str]) -> float:
    return len(some & others) / max(1, min(len(some), len(others)))


def _words(text: str) -> set[str]:
    """Words without case and accents; a Chinese or Japanese character is one."""
    return set(_WORD.findall(key(text)))


def _whole(title: str, titles: Titles) -> str:
    """The title, or another one that goes on where this was cut.

    It was cut at an ellipsis, or at a quotation mark that ended its attribute in the HTML.
    """
    start = _ELLIPSIS.sub("", title)
    for other in titles.all():
        if other.value != title and key(other.value).startswith(key(start)):
            rest = other.value[len(start) :].lstrip()
            if start != title or rest.startswith(_QUOTES):
                return other.value
    return title
