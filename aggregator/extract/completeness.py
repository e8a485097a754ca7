"""Whether the text is the whole article, and if not, what the page is instead: evidence, and its weighing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from aggregator.extract import phrases
from aggregator.extract.behind import Behind
from aggregator.extract.claims import Found, Statement
from aggregator.extract.form import Form
from aggregator.extract.losers import MOST_OF_A_FIELD
from aggregator.extract.metatags import Tags
from aggregator.extract.plain import key, plain
from aggregator.model.article import Block, Completeness, CutBlock, FieldLoser, plain_text

FIELD = "completeness"
# Up to here a text may be a caption, an introduction to a film or an excerpt.
SHORT_CHARS = 1_200
_CAPTION_CHARS = 600
_BRACKETED = re.compile(r"\[(?:…|\.{3})\]\W{0,3}$")
_DOTTED = re.compile(r"(?:…|(?<!\.)\.{3})(?:\s*[→»])?$")
_TIERS = ("article:content_tier", "og:article:content_tier", "content_tier", "article_content_tier")
_SOLD_TIERS = frozenset({"locked", "paid", "premium", "subscriber", "subscribers"})
_YES = frozenset({"true", "yes", "1"})
_SOLD_FLAGS = re.compile(r"(?:.*[:._-])?(?:is_?)?(?:paywall(?:ed)?|paid(?:_?content)?|premiumcontent)")
_GALLERY_TYPES = frozenset({"gallery", "slideshow", "photogallery", "photo_gallery", "photo gallery"})
_LEAST_FIGURES = 6
_GALLERY_CHARS_A_FIGURE = 150
_LEAST_POSTS = 4
# A wall's text may have been taken for the article's last paragraph; it opens with what it wants.
_WALL_OPENING_CHARS = 80
_LONGEST_WALL_CHARS = 600
_LONGEST_NOTE_CHARS = 500
_LONGEST_SOURCE_CHARS = 80
# articleBody of whole pages is up to 1.4 times the text found (captions, boxes); wordCount counts characters
# at some outlets, so that it is only a hint.
_LONGER_BODY = 1.5
_LONGER_SUMMARY = 1.2
_LEAST_SUMMARY_CHARS = 80
_MISSING_CHARS = 400
_MISSING_WORDS = 70
# Half of all outlets carry news in brief a quarter as long as their usual article.
_MUCH_SHORTER = 0.25
_LEAST_USUAL_CHARS = 1_500


class _Weight(IntEnum):
    """What evidence can do: decide, or decide together with a hint of the other kind, or with any other."""

    SHORT = 1
    SOLD = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Clues:
    """All that completeness is judged by.

    ``dek`` is the article's, ``summary`` the feed's; ``usual_chars`` is how long this outlet's articles
    usually are (a median), None where that is not known.
    """

    blocks: Sequence[Block]
    cuts: Sequence[CutBlock] = ()
    statement: Statement = Statement()  # noqa: RUF009 - frozen
    meta: Tags | None = None
    behind: Behind = Behind()  # noqa: RUF009 - frozen
    form: Form = Form()  # noqa: RUF009 - frozen
    dek: str = ""
    summary: str = ""
    usual_chars: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the text is by the strongest evidence, and the evidence that came second, as losers."""

    found: Found[Completeness]
    losers: tuple[FieldLoser, ...]


@dataclass(frozen=True, slots=True)
class _Evidence:
    value: Completeness
    source: str
    weight: _Weight = _Weight.STRONG


def judge(clues: Clues) -> Judgement:
    """What the text is; ``FULL`` only where nothing strong says otherwise, nor two hints together.

    Declared not free is ``PAYWALLED`` even where the page carries the whole text: the outlet sells it.
    Declared free outweighs a tier, a box that looks like a wall, and offers; it does not outweigh a line
    right behind the text that withholds the rest (registration walls are "free", too).
    """
    text = plain_text(clues.blocks)
    is_free = clues.statement.is_free
    evidence = [*_sold(clues), *_forms(clues, text), *_parts(clues, text)]
    strong = [one for one in evidence if one.weight is _Weight.STRONG]
    order = list(_RANKS)
    chosen = min(strong, key=lambda one: order.index(one.value), default=None) or _of_hints(evidence)
    if chosen is None:
        source = is_free.source if is_free is not None and is_free.value else "default"
        chosen = _Evidence(Completeness.FULL, source)
    elif is_free is not None and is_free.value:
        evidence.append(_Evidence(Completeness.FULL, is_free.source))
    others = dict.fromkeys((one.source, one.value) for one in evidence)
    losers = [FieldLoser(FIELD, source, value.value) for source, value in others if source != chosen.source]
    return Judgement(Found(chosen.value, chosen.source), tuple(losers[:MOST_OF_A_FIELD]))


_RANKS = (
    Completeness.PAYWALLED,
    Completeness.LIVE,
    Completeness.VIDEO,
    Completeness.GALLERY,
    Completeness.TEASER,
    Completeness.FULL,
)


def _of_hints(evidence: Iterable[_Evidence]) -> _Evidence | None:
    """Two hints decide if one of them is of length; a shorter text that is advertised beside is sold."""
    hints = sorted((one for one in evidence if one.weight is not _Weight.STRONG), key=lambda one: -one.weight)
    short = [one for one in hints if one.weight is _Weight.SHORT]
    return hints[0] if len(hints) > 1 and short else None


def _sold(clues: Clues) -> Iterator[_Evidence]:
    """Evidence that the rest is sold."""
    free = clues.statement.is_free
    if free is not None and not free.value:
        yield _Evidence(Completeness.PAYWALLED, free.source)
    is_free = free is not None and free.value
    meta = clues.meta or {}
    if free is None and _first(meta, "isaccessibleforfree") in {"false", "no"}:
        yield _Evidence(Completeness.PAYWALLED, "microdata:isAccessibleForFree")
    said = {phrases.paywall_words(line) for line in clues.behind.lines if len(line) <= _LONGEST_WALL_CHARS}
    if source := "text:paywall" if "rest" in said else _wall(clues, is_free=is_free):
        yield _Evidence(Completeness.PAYWALLED, source)
    hint = _Weight.SOLD if is_free else _Weight.STRONG
    for name in _tiers(meta):
        yield _Evidence(Completeness.PAYWALLED, f"meta:{name}", hint)
    for name in clues.behind.boxes[:1]:
        yield _Evidence(Completeness.PAYWALLED, f"page:{name}"[:_LONGEST_SOURCE_CHARS], hint)
    if not is_free and any("metered" in map(str.lower, meta.get(name, ())) for name in _TIERS):
        yield _Evidence(Completeness.PAYWALLED, "meta:metered", _Weight.SOLD)
    if not is_free and "offer" in said:
        yield _Evidence(Completeness.PAYWALLED, "text:offer", _Weight.SOLD)


def _wall(clues: Clues, *, is_free: bool) -> str:
    """Where the text itself withholds the rest: in its last block, or in what was cut at its end."""
    last = clues.blocks[-1].text if clues.blocks else ""
    if len(last) <= _LONGEST_WALL_CHARS and phrases.paywall_words(last[:_WALL_OPENING_CHARS]) == "rest":
        return "text:paywall"
    end = _place_of_end(clues.blocks)
    for cut in clues.cuts:
        # A closing sentence may be the article's own, such as one about walls.
        if cut.behind >= 0 and is_free:
            continue
        if _ends(cut, end) and phrases.paywall_words(cut.text) == "rest":
            return f"cut:{cut.rule}"
    return ""


def _place_of_end(blocks: Sequence[Block]) -> int:
    """The place from which on no more than an author's note or the like follows."""
    behind = 0
    for block in reversed(blocks):
        behind += len(block.text)
        if behind > _LONGEST_NOTE_CHARS:
            return block.place
    return -1


def _ends(cut: CutBlock, end: int) -> bool:
    """Whether a line was cut where the text ends: at this place, or behind it."""
    return len(cut.text) <= _LONGEST_WALL_CHARS and (cut.place < 0 or cut.place >= end)


def _first(meta: Tags, name: str) -> str:
    return next(iter(meta.get(name, ())), "").lower()


def _tiers(meta: Tags) -> Iterator[str]:
    """The meta tags that say that the article is sold."""
    for name in _TIERS:
        if not _SOLD_TIERS.isdisjoint(content.strip().lower() for content in meta.get(name, ())):
            yield name
    for name, contents in meta.items():
        if contents[0].lower() in _YES and _SOLD_FLAGS.fullmatch(name):
            yield name


def _forms(clues: Clues, text: str) -> Iterator[_Evidence]:
    """Evidence that the page is a film, a series of pictures or a running report."""
    said, form = clues.statement.kind, clues.form
    is_short = len(text) <= SHORT_CHARS
    if said is not None and (said.value is not Completeness.VIDEO or is_short):
        yield _Evidence(said.value, said.source)
    if form.posts >= _LEAST_POSTS:
        yield _Evidence(Completeness.LIVE, "page:dated posts")
    meta = clues.meta or {}
    kinds = {kind.strip().lower() for kind in meta.get("og:type", ())}
    if is_short and any(kind.startswith("video") for kind in kinds):
        yield _Evidence(Completeness.VIDEO, "meta:og:type")
    if is_short and _only_describes(text, clues.statement.films):
        yield _Evidence(Completeness.VIDEO, "json-ld:VideoObject.description")
    if kinds & _GALLERY_TYPES:
        yield _Evidence(Completeness.GALLERY, "meta:og:type")
    if clues.statement.has_gallery and len(text) <= _CAPTION_CHARS:
        yield _Evidence(Completeness.GALLERY, "json-ld:ImageGallery")
    if is_short and form.figures >= _LEAST_FIGURES and len(text) < form.figures * _GALLERY_CHARS_A_FIGURE:
        yield _Evidence(Completeness.GALLERY, "page:figures")


def _only_describes(text: str, films: Iterable[str]) -> bool:
    """Whether the text says no more than the description of a film does."""
    said = key(text)
    return any(len(film) >= _LEAST_SUMMARY_CHARS and said in key(film) for film in films)


def _parts(clues: Clues, text: str) -> Iterator[_Evidence]:
    """Evidence that the text is only a part of the article."""
    if source := _breaks_off(text):
        is_all = len(text) <= SHORT_CHARS
        yield _Evidence(Completeness.TEASER, source, _Weight.STRONG if is_all else _Weight.SHORT)
    if clues.form.second_page:
        yield _Evidence(Completeness.TEASER, "page:second page")
    if _is_longer(clues.statement.text, text):
        yield _Evidence(Completeness.TEASER, "json-ld:articleBody")
    # Where the publisher's own text is no longer, a short article may be as long as its summary.
    elif not 0 < len(clues.statement.text) <= _LONGER_SUMMARY * len(text):
        yield from _too_short(clues, text)


def _is_longer(whole: str, text: str) -> bool:
    """Whether the publisher's text is much longer, markup aside."""
    least = int(_LONGER_BODY * len(text) + _MISSING_CHARS)
    return len(whole) > least and len(plain(whole, 2 * least)) > least


def _too_short(clues: Clues, text: str) -> Iterator[_Evidence]:
    """Evidence of length: against the number of words, the feed's summary, the dek, the outlet's usual."""
    words = clues.statement.words
    if words and words > _LONGER_BODY * len(text.split()) + _MISSING_WORDS:
        yield _Evidence(Completeness.TEASER, "json-ld:wordCount", _Weight.SHORT)
    if len(clues.summary) > max(_LONGER_SUMMARY * len(text), _LEAST_SUMMARY_CHARS):
        yield _Evidence(Completeness.TEASER, "entry:longer summary")
    elif len(clues.summary) >= _LEAST_SUMMARY_CHARS and len(text) <= _LONGER_SUMMARY * len(clues.summary):
        yield _Evidence(Completeness.TEASER, "entry:summary as long", _Weight.SHORT)
    elif _LEAST_SUMMARY_CHARS <= len(text) <= len(clues.dek):
        yield _Evidence(Completeness.TEASER, "text:no longer than the dek", _Weight.SHORT)
    usual = clues.usual_chars or 0
    if usual >= _LEAST_USUAL_CHARS and len(text) < _MUCH_SHORTER * usual:
        yield _Evidence(Completeness.TEASER, "outlet:usually longer", _Weight.SHORT)


def _breaks_off(text: str) -> str:
    end = text[-60:].rstrip()
    return "text:breaks off" if _BRACKETED.search(end) or _DOTTED.search(end) else ""
