"""The byline that a page shows beside its headline."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from aggregator.extract.byline import is_agency, is_person, names, opens_byline
from aggregator.extract.claims import Found
from aggregator.extract.header import shown

_LONGEST_CHARS = 120
_MOST_MARKED = 3
_MARK = re.compile(r"author|byline|autor|auteur|journalist|writer|verfasser|signature", re.IGNORECASE)
_PROFILE = re.compile(
    r"/(?:authors?|autore?n?s?|autori|auteurs?|people|persons?|profile?s?|staff|journalists?|journalistes?|"
    r"redaktion|redakteur|writers?|contributors?|by|yazar(?:lar)?)/[^/?#]+",
    re.IGNORECASE,
)


def find(head: Iterable[HtmlElement]) -> Found[tuple[str, ...]] | None:
    """The persons named in the elements around a headline.

    Those linked as authors, else those in elements marked so, else those behind a 'By'. Where no name is a
    person's there are none: such places hold roles, dates and buttons, too.
    """
    linked: list[str] = []
    marked: list[str] = []
    opened: list[str] = []
    for element in head:
        text = shown(element, _LONGEST_CHARS)
        if text and _is_linked(element):
            linked.append(text)
        elif text and _is_marked(element):
            marked.append(text)
        elif text and opens_byline(text):
            opened.append(text)
    for texts, source in (
        (linked, "page:author-link"),
        (marked[:_MOST_MARKED], "page:author-mark"),
        (opened[:1], "page:by"),
    ):
        found = names(texts)
        if any(map(is_person, found)):
            return Found(tuple(name for name in found if is_person(name) or is_agency(name)), source)
    return None


def _is_linked(element: HtmlElement) -> bool:
    if element.tag != "a":
        return False
    return "author" in (element.get("rel") or "").split() or bool(_PROFILE.search(element.get("href") or ""))


def _is_marked(element: HtmlElement) -> bool:
    marks = (element.get(name) for name in ("class", "id", "itemprop", "data-testid"))
    return bool(_MARK.search(" ".join(filter(None, marks))))
