"""The search index of the exported site: small files that a reader's browser finds articles with, no server.

Each word stands in the file of its first letters, with the numbers of the articles that have it; what the
list of hits shows of an article stands in a file of some articles. A search reads a few of them.
``static/search.js`` takes words apart in the same way.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from aggregator.model.edition import Publication
from aggregator.site import dates, prose
from aggregator.site.card import card
from aggregator.site.links import Links
from aggregator.store.engine import Database
from aggregator.store.front import every

SHELF: Final = 128
"""Articles whose facts share a file: about 60 kB, and one new article writes one such file anew."""

LIST: Final = "files.json"
"""The names of the other files, so that no browser asks for one that is not there."""

_WORD: Final = re.compile(r"[^\W_]+")
# Scripts that put no space between words: kana, Chinese characters, Thai, Lao, Burmese and Khmer.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_WIDE: Final = 0x2E80  # from here on scripts have thousands of letters: they share files
_SHARED_BITS: Final = 6


def words(text: str) -> Iterator[str]:
    """The words of a text in order, without case and marks; where there are no spaces, pairs of letters."""
    split = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(char for char in split if not unicodedata.category(char).startswith("M"))
    for word in _WORD.findall(unicodedata.normalize("NFC", bare)):
        at = 0
        for run in _UNSPACED.finditer(word):
            yield from filter(None, (word[at : run.start()],))
            letters = run.group()
            yield from (letters[n : n + 2] for n in range(max(1, len(letters) - 1)))
            at = run.end()
        yield from filter(None, (word[at:],))


def file_of_word(word: str) -> str:
    """The name of the file that a word stands in."""
    first = ord(word[0])
    if first >= _WIDE:
        return f"w-{first >> _SHARED_BITS:x}.json"
    return "w-" + "-".join(f"{ord(char):x}" for char in word[:2]) + ".json"


def index(db: Database, links: Links) -> dict[str, bytes]:
    """The files of the index over all that readers may be shown now, by name.

    A word's numbers are negative where it stands in the headline. The newest articles come first.
    """
    shelves: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    found: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for publication in every(db):
        shelves[f"a-{publication.id // SHELF}.json"][str(publication.id)] = _shown(publication, links)
        heading = set(words(prose.line(publication.headline)))
        text = {word for block in prose.blocks(publication) for word in words(block.text)}
        for word in heading | text:
            number = -publication.id if word in heading else publication.id
            found[file_of_word(word)][word].append(number)
    files = shelves | found
    return {LIST: _json(sorted(files))} | {name: _json(facts) for name, facts in files.items()}


def _shown(publication: Publication, links: Links) -> dict[str, Any]:
    """What the list of hits shows of an article; all text is cleaned, all addresses may stand in links."""
    made = card(publication, links)
    return {
        "href": made.href,
        "isOutward": made.is_outward,
        "headline": made.headline,
        "teaser": made.teaser,
        "lang": made.lang,
        "dir": made.direction,
        "page": made.page,
        "source": made.source,
        "sourceName": made.source_name,
        "outlet": made.outlet,
        "outletHref": made.outlet_href,
        "slug": publication.outlet,
        "tint": made.tint,
        "at": dates.iso(publication.first_published or publication.published_at),
    }


def _json(facts: Mapping[str, Any] | list[str]) -> bytes:
    written = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return written.encode("utf-8", "replace")
