"""The date that a page shows beside its headline."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from aggregator.extract.almanac import Almanac
from aggregator.extract.claims import Found, Moment
from aggregator.extract.dates import moment, spoken
from aggregator.extract.header import shown

_LONGEST_CHARS = 80
_FEWEST_DIGITS = 5
_WORD = re.compile(r"[^\W\d_]+")
# A line with more words says more than when and by whom.
_MOST_WORDS = 7
# A picture's caption tells when the picture was taken.
_PICTURES = frozenset({"figure", "figcaption", "picture", "img"})
_CHANGED = re.compile(
    r"updat|modif|chang|edited|aktualisier|geändert|stand:|actualiz|atualiz|aggiornat|mis à jour|mise à jour|"
    r"bijgewerkt|oppdater|uppdater|opdater|päivitet|zaktualiz|aktualiz|обновл|изменен|güncel|diperbarui|"
    r"cập nhật|更新|수정",
    re.IGNORECASE,
)


def find(head: Iterable[HtmlElement], almanac: Almanac) -> Found[Moment] | None:
    """The date in the elements around a headline: a ``time`` element's, else the first that is written out.

    Dates of changes and of pictures do not count. On 470 pages with a known date it was the day of
    publication on 95 % of those where it found one.
    """
    texts: list[str] = []
    for element in head:
        if element.tag in _PICTURES or any(parent.tag in _PICTURES for parent in element.iterancestors()):
            continue
        if element.tag == "time" and (at := moment(element.get("datetime") or "", almanac)):
            if not _tells_change(element):
                return Found(at, "page:time")
        elif text := shown(element, _LONGEST_CHARS):
            texts.append(text)
    for text in texts:
        # What stands behind such a word is the change's: 5 May 2025 - updated: 6 May 2025.
        line = _CHANGED.split(text, maxsplit=1)[0]
        is_short = len(_WORD.findall(line)) <= _MOST_WORDS
        if (
            is_short
            and sum(char.isdigit() for char in line) >= _FEWEST_DIGITS
            and (at := spoken(line, almanac))
        ):
            return Found(at, "page:text")
    return None


def _tells_change(element: HtmlElement) -> bool:
    parent = element.getparent()
    beside = (parent.text or "") if parent is not None else ""
    words = (element.get("class"), element.get("itemprop"), element.text, beside[-_LONGEST_CHARS:])
    return bool(_CHANGED.search(" ".join(filter(None, words))))
