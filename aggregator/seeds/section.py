"""A section page: its links that look like articles become entries."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from courlan import is_not_crawlable
from courlan.filters import extension_filter, type_filter

from aggregator.model.outlet import Seed
from aggregator.model.page import Entry
from aggregator.seeds.page import base_of, tree
from aggregator.seeds.plain import HEADLINE_CHARS, plain
from aggregator.urls import absolute, canonical_url, is_same_domain, url_key

# What a link must reach to count as an article: an address that says so (4), or one that says less (2) beside
# a text that reads like a headline. On 239 recorded news addresses with a text of seven words it misses 4.
LEAST_SCORE = 4
# Links of a page that are looked at; front pages of large outlets have 300 to 900.
_MOST_LINKS = 5000
_LONGEST_TEXT_CHARS = 2 * HEADLINE_CHARS
_DATE_IN_PATH = re.compile(
    r"(?<!\d)(?:19|20)\d\d[/_.-]?(?:0?[1-9]|1[0-2])(?:[/_.-]?(?:0?[1-9]|[12]\d|3[01]))?(?!\d)"
    r"|/(?:19|20)\d\d/(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/\d{1,2}/"
)
_NUMBER = re.compile(r"\d{5,}")
_IDENTITY = re.compile(r"(?=[a-z0-9-]*\d)[a-z0-9-]{12,}")
_QUERY_ID = re.compile(
    r"(?:^|&)(?:p|id|aid|nid|art|artid|article|articleid|story|storyid|news|newsid|docid)=\d{2,}"
)
_PAGE_SUFFIX = re.compile(r"\.(?:s?html?|php|aspx?|jsp|story|cms|ece|amp)$")
_WORD_JOINT = re.compile(r"[-_+~.,\s%]+")
_SPACELESS = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿]")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_FURNITURE = frozenset({"nav", "footer"})
_SLUG_WORDS, _LONG_SLUG_WORDS, _HEADLINE_WORDS = 3, 5, 4
_AROUND = 4


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    text: str
    in_heading: bool
    in_furniture: bool


@cache
def _no_articles() -> tuple[frozenset[str], frozenset[str]]:
    data = tomllib.loads(Path(__file__).with_name("section.toml").read_text(encoding="utf-8"))
    return frozenset(data["pages"]), frozenset(data["places"])


def parse_section(body: bytes, charset: str | None, url: str, seed: Seed, *, limit: int) -> tuple[Entry, ...]:
    """The links of a section page that look like articles, in page order, each once, at most ``limit``.

    ``url`` is the page's final address. Only links of the same site count (same registered domain). A link's
    score is that of its address (a slug of several words, a date, a number) and of its text (as long as a
    headline, inside a heading, not in navigation); its text becomes the entry's headline.
    """
    root = tree(body, charset)
    if root is None:
        return ()
    found: dict[str, Entry] = {}
    texts: dict[str, str] = {}
    for link in _links(root, url):
        key = url_key(link.url)
        # A card links its article twice or three times: picture, headline, "read more".
        texts[key] = max(texts.get(key, ""), link.text, key=len)
        if score(link.url, texts[key]) + _place(link) < LEAST_SCORE:
            continue
        if key in found or len(found) < limit:
            headline = plain(texts[key], HEADLINE_CHARS) if _words(texts[key]) >= _HEADLINE_WORDS else None
            found[key] = Entry(url=found[key].url if key in found else link.url, seed=seed, headline=headline)
    return tuple(found.values())


def _links(root: Any, url: str) -> Iterator[_Link]:
    base, here = base_of(root, url), url_key(url)
    for number, anchor in enumerate(root.iter("a")):
        if number >= _MOST_LINKS:
            return
        target = absolute(base, anchor.get("href") or "")
        if target is None or "#" in (anchor.get("href") or "")[:1]:
            continue
        target = target.partition("#")[0]
        if not is_same_domain(target, url) or url_key(target) == here:
            continue
        around = {step.tag for step in anchor.iterancestors()}
        near = {step.tag for step, _ in zip(anchor.iterancestors(), range(_AROUND), strict=False)}
        near |= {step.tag for step in anchor.iterdescendants() if isinstance(step.tag, str)}
        yield _Link(target, _text(anchor), bool(near & _HEADINGS), bool(around & _FURNITURE))


def _text(anchor: Any) -> str:
    """A link's text: that of the heading inside it, else all of it, else its title."""
    heading = next((step for step in anchor.iterdescendants() if step.tag in _HEADINGS), None)
    # Joined by spaces, since a kicker and a headline in two blocks would grow together.
    text = " ".join(" ".join((anchor if heading is None else heading).itertext()).split())
    # The text is looked at once for each link to its article: one of megabytes took minutes.
    return (text or (anchor.get("title") or anchor.get("aria-label") or "").strip())[:_LONGEST_TEXT_CHARS]


def score(url: str, text: str) -> int:
    """How much an address and its link's text look like an article's; negative for pages that are none."""
    clean = canonical_url(url)
    parts = urlsplit(clean)
    path = unquote(parts.path).lower()
    steps = [step for step in path.split("/") if step]
    pages, places = _no_articles()
    if (not steps and not parts.query) or pages & set(steps) or not type_filter(clean):
        return -LEAST_SCORE
    if is_not_crawlable(clean) or not (_PAGE_SUFFIX.search(path) or extension_filter(path)):
        return -LEAST_SCORE
    listing = 3 * bool(places & set(steps[-2:]))
    return _path_score(path, steps, parts.query) + _text_score(text) - listing


def _path_score(path: str, steps: list[str], query: str) -> int:
    last = _PAGE_SUFFIX.sub("", steps[-1]) if steps else ""
    slugs = [_words_of_slug(step) for step in (*steps[-2:-1], last)]
    words = max(slugs, default=0)
    points = 2 * (words >= _SLUG_WORDS) + (words >= _LONG_SLUG_WORDS)
    points += 2 * bool(_DATE_IN_PATH.search(path))
    points += 2 * bool(_NUMBER.search(path) or _IDENTITY.fullmatch(last)) + bool(_PAGE_SUFFIX.search(path))
    if _QUERY_ID.search(query.lower()):
        points += 2
    elif len(steps) == 1 and words < _SLUG_WORDS and not any(char.isdigit() for char in last):
        points -= 2
    return points


def _words_of_slug(slug: str) -> int:
    """Words of letters in a slug; in scripts without spaces two letters count as one word."""
    return sum(_words(part) for part in _WORD_JOINT.split(slug) if any(char.isalpha() for char in part))


def _words(text: str) -> int:
    spaceless = len(_SPACELESS.findall(text))
    return spaceless // 2 + len(_SPACELESS.sub(" ", text).split())


def _text_score(text: str) -> int:
    words = _words(text)
    return (words >= _HEADLINE_WORDS) + (words >= 2 * _HEADLINE_WORDS - 2)


def _place(link: _Link) -> int:
    return link.in_heading - 2 * link.in_furniture
