"""What a page says of itself, by which its repetition in the body is recognised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aggregator.extract import phrases
from aggregator.extract.links import Link
from aggregator.extract.plain import folded, key

_SHORTEST_LINK_CHARS = 12


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the page and used to recognise what is no text.

    ``headlines`` are the keys of all forms of the article's own headline, ``byline`` those of its authors,
    ``links`` the texts of the page's links, ``lines`` the card's regular expressions, ``days`` those on which
    it was published or changed, and their neighbours, for outlets in other time zones, ``deks`` the keys of
    its summaries. ``is_news`` says that the page calls itself news.
    """

    headlines: frozenset[str] = frozenset()
    byline: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    lines: tuple[str, ...] = ()
    days: frozenset[date] = frozenset()
    deks: frozenset[str] = frozenset()
    is_news: bool = False


def keys(texts: Iterable[str]) -> frozenset[str]:
    """The keys of texts, to compare lines with."""
    return frozenset(found for text in texts if (found := key(text)))


def link_texts(links: Iterable[Link]) -> frozenset[str]:
    """The texts of the page's links that are long enough to be headlines or phrases, folded."""
    texts = (folded(link.text) for link in links)
    return frozenset(text for text in texts if _SHORTEST_LINK_CHARS <= len(text) <= phrases.LONGEST_HAS_CHARS)


def days(*moments: datetime | None) -> frozenset[date]:
    """The days of these moments, and those before and after them."""
    known = (moment.date() for moment in moments if moment is not None)
    return frozenset(day + timedelta(days=shift) for day in known for shift in (-1, 0, 1))
