"""Which news agencies a page credits with its text: in the byline, the dateline, or the last line."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from aggregator import urls
from aggregator.extract.agencies import Agencies, Words, agencies, spelt
from aggregator.extract.claims import Found
from aggregator.extract.phrasebook import UNSPACED
from aggregator.model.article import Block, CutBlock

# Datelines and credits are short; what stands further inside speaks about an agency.
_HEAD_CHARS = 200
_TAIL_CHARS = 250
_DATELINE_CHARS = 90
_LONGEST_LINE_CHARS = 120
_MOST_LAST_LINES = 3
_MOST_PLACE_WORDS = 8
_LONGEST_PARTICLE_CHARS = 3
_MOST_DATE_WORDS = 2
_MOST_INSIDE_WORDS = 4
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]{2,60})[)\]】〕]|/\s?([^/\s][^/]{1,30}?)\s?/")
_PARTS = re.compile(r"\s*(\s[-–—]+\s?|--+|[.,:=•|]\s+|[.]-|[:=])\s*")
_CHINESE = re.compile(r"[据據]?(\S{0,30}?)[电電讯訊]")
_NAMES = re.compile(r"[/,|;()\[\]•·–—]|\s-\s")
_AT_END = re.compile(r"(?P<stop>[.!?…。！？\"'”’»」]?)\s*[(\[]([^()\[\]]{2,60})[)\]](?P<late>[.\s]*)$")
_BARE_END = re.compile(r"[.!?…。！？\"'”’»]\s*(?:[-–—]+\s*|\s)([^-–—.]{2,40})\.?$|/([^/]{2,30})/\.?$")
_SEPARATOR = re.compile(r"\s*[-–—:=.]")
_LAST_RULES = frozenset({"phrase/copyright", "shape/byline", "learned/line"})


def find(
    byline: Iterable[str], blocks: Sequence[Block], cuts: Iterable[CutBlock], addresses: tuple[str, str]
) -> Found[tuple[str, ...]] | None:
    """The agencies that a page credits with its text, by our names for them; None if it credits none.

    ``byline`` are all names that any source gives, ``cuts`` what was cut from the body, ``addresses`` the
    page's and its source link. On its own site an agency is the outlet. A text that speaks about an agency,
    or shows its pictures, is not its text. The source is where the first one stands; ``text:material`` says
    that the outlet used an agency's text in its own.
    """
    known = agencies()
    here, there = (known.of_host(urls.host(address)) for address in addresses)
    told = (
        ("byline", [name for one in byline for name in _of_byline(known, one)]),
        ("text:dateline", _of_dateline(known, blocks)),
        ("text:end", _of_end(known, blocks, cuts)),
        ("source_link", [there] if there else []),
        ("text:material", _of_material(known, blocks)),
    )
    found: dict[str, str] = {}
    for source, names in told:
        for name in names:
            found.setdefault(name, source)
    found.pop(here or "", None)
    return Found(tuple(found), next(iter(found.values()))) if found else None


def _of_byline(known: Agencies, name: str) -> Iterator[str]:
    """The agencies among a byline's parts: ``Jane Roe, AP``, ``Le Phare avec AFP``, ``Staff, Reuters``."""
    if not known.may_credit(name):
        return
    for part in (name, *_NAMES.split(name)):
        credit = known.credit(part)
        if credit.names and not credit.strangers and not credit.is_weak:
            yield from credit.names
            return
    words = spelt(name)
    for at in range(1, len(words)):
        credit = known.credit(" ".join(words[at:]))
        is_told = known.opens("with", " ".join(words[at - 1 :])) or _is_long(known, words[at:])
        if is_told and credit.names and not credit.strangers and not credit.is_weak:
            yield from credit.names
            return


def _is_long(known: Agencies, words: Words) -> bool:
    """Whether these are an agency's name of several words, which no person has."""
    return len(words) > 1 and tuple(word.casefold() for word in words) in known.folded


def _of_dateline(known: Agencies, blocks: Sequence[Block]) -> Words:
    for block in blocks[:2]:
        head = unicodedata.normalize("NFKC", block.text[:_HEAD_CHARS])
        if known.may_credit(head) and (
            names := _in_brackets(known, head) or _between_dashes(known, head) or _chinese(known, head)
        ):
            return names
        if len(block.text) > _LONGEST_LINE_CHARS:
            break
    return ()


def _in_brackets(known: Agencies, head: str) -> Words:
    """``PARIS, 3 mars (AFP) -``, ``MOSCOW, March 3. /TASS/``, ``【ロンドン共同】``, ``(서울=연합뉴스)``."""
    for bracket in _BRACKETS.finditer(head, 0, _DATELINE_CHARS + _HEAD_CHARS // 2):
        before = head[: bracket.start()]
        if bracket.start() > _DATELINE_CHARS or not _is_place(before):
            break
        names = _inside(known, bracket[1] or bracket[2])
        if names and not known.holds("kinds", before) and not set(known.mentioned(before)) & set(names):
            return names if _goes_on(bracket, head) else ()
    return ()


def _goes_on(bracket: re.Match[str], head: str) -> bool:
    """Whether a text begins behind a dateline's bracket: after a dash or stop, else after a date.

    Without either the bracket explains a name: ``Pakistan Tehreek-e-Insaf (PTI) leaders``.
    """
    if _SEPARATOR.match(head, bracket.end()) or UNSPACED.search(bracket[0]):
        return True
    has_date = any(char.isdigit() for char in head[: bracket.start()])
    return has_date and not head[bracket.end() :].lstrip()[:1].islower()


def _inside(known: Agencies, text: str) -> Words:
    """The agencies between brackets, where a place or a date may stand, too."""
    credit = known.credit(text)
    if credit.names and not credit.strangers:
        return credit.names
    is_open = "=" in text or UNSPACED.search(text)
    if credit.names and is_open and credit.strangers <= _MOST_INSIDE_WORDS:
        return credit.names
    tight = "".join(spelt(text))
    return tuple(name for mark, name in known.unspaced if tight.endswith(mark) or _is_sent(tight, mark))[:1]


def _is_sent(text: str, mark: str) -> bool:
    """``中央社記者王揚宇台北3日電``."""
    return text.startswith(mark) and text[-1:] in "电電讯訊"


def _between_dashes(known: Agencies, head: str) -> Words:
    """``BERLIN, dpa -``, ``Москва. 3 марта. ИНТЕРФАКС -``, ``الرياض - واس:``."""
    pieces = _PARTS.split(head[: _DATELINE_CHARS + 20])
    parts, marks = pieces[::2], pieces[1::2]
    for number, (part, mark) in enumerate(zip(parts, marks, strict=False)):
        if number:
            credit = known.credit(part)
            if credit.names and not credit.strangers and "," not in mark:
                return () if credit.is_weak else credit.names
        if not part or not _is_place(part):
            break
    return ()


def _chinese(known: Agencies, head: str) -> Words:
    """``新华社北京3月3日电``."""
    sent = _CHINESE.match(head)
    if sent is None:
        return ()
    return tuple(name for mark, name in known.unspaced if sent[1].startswith(mark))[:1]


def _is_place(text: str) -> bool:
    """Whether this may be the place and date of a dateline: few words, none in lower case but in a date."""
    words = spelt(text)
    if len(words) > _MOST_PLACE_WORDS:
        return False
    low = [word for word in words if word[0].islower() and len(word) > _LONGEST_PARTICLE_CHARS]
    has_date = any(word[0].isdigit() for word in words)
    return len(low) <= (_MOST_DATE_WORDS if has_date else 0)


def _of_end(known: Agencies, blocks: Sequence[Block], cuts: Iterable[CutBlock]) -> Words:
    lines = [cut.text for cut in cuts if cut.rule.partition("@")[0] in _LAST_RULES]
    for line in lines:
        if known.may_credit(line[:_TAIL_CHARS]) and (names := _line(known, line)):
            return names
    for block in reversed(blocks[-_MOST_LAST_LINES:]):
        text = unicodedata.normalize("NFKC", block.text[-_TAIL_CHARS:]).strip()
        is_whole = len(block.text) <= _TAIL_CHARS
        if known.may_credit(text) and (names := _last(known, text, is_whole=is_whole)):
            return names
        if len(block.text) > _LONGEST_LINE_CHARS:
            break
    return ()


def _last(known: Agencies, text: str, *, is_whole: bool) -> Words:
    """The agencies that a last paragraph credits, given its end."""
    if names := _line(known, text) if is_whole else ():
        return names
    if known.opens("photo", text):
        return ()
    if (end := _AT_END.search(text)) and (names := _closing(known, text[: end.start()], end)):
        return names
    if end := _BARE_END.search(text):
        credit = known.credit(end[1] or end[2])
        if credit.names and not credit.strangers and not credit.is_weak:
            return credit.names
    return ()


def _closing(known: Agencies, before: str, end: re.Match[str]) -> Words:
    """What stands between brackets at the end: a credit behind the last sentence.

    Inside of the sentence it explains a name (``the American Psychological Association (APA).``), unless it
    is written small or lists several.
    """
    credit = known.credit(end[2])
    if credit.strangers or known.holds("kinds", before[-_DATELINE_CHARS:]):
        return ()
    is_behind = bool(end["stop"]) or not before.strip()
    is_credit = is_behind or (not credit.is_weak and (end[2].islower() or len(credit.names) > 1))
    return credit.names if is_credit else ()


def _line(known: Agencies, text: str) -> Words:
    """The agencies that a line credits which says nothing else: ``© AFP``, ``Quelle: dpa``, ``dpa/lin``."""
    first = text.split(". ", 1)[0] if text.startswith(("©", "(c)", "Copyright")) else text
    if len(first) > _LONGEST_LINE_CHARS or known.opens("photo", first):
        return ()
    credit = known.credit(first)
    return credit.names if not credit.strangers and (not credit.is_weak or text[:1] in "([") else ()


def _of_material(known: Agencies, blocks: Sequence[Block]) -> Words:
    """The agencies whose part a last paragraph tells: ``AP contributed to this report``."""
    text = blocks[-1].text if blocks else ""
    if len(text) > _TAIL_CHARS or not known.may_credit(text):
        return ()
    folded = " ".join(word.casefold() for word in spelt(text))
    for opening, held, name in known.signs:
        if folded.startswith(opening) and held in folded:
            return (name,)
    return known.mentioned(text) if known.holds("material", text) else ()
