"""Read-also lines that were flattened into paragraphs: where they begin and end."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from aggregator.extract import phrases, sentences
from aggregator.extract.headlines import Headlines
from aggregator.extract.phrasebook import UNSPACED
from aggregator.extract.plain import key
from aggregator.model.article import Article, Block, BlockKind, CutBlock

RULE = "flattened/read_also"

_LONGEST_OPENING_CHARS = 40
_LONGEST_LABEL_CHARS = 160
_LONGEST_HEADLINE_CHARS = 250
_LONGEST_LAST_CHARS = 200
_LEAST_HEADLINE_WORDS = 3
_MOST_OPENING_WORDS = 5
_LEAST_OPENING_WORDS = 2
_LEAST_OPENING_SIGNS = 4
_LONGEST_LAST_SIGNS = 80
_LEAST_USES = 2
_MOST_LINES = 10  # in one paragraph; more is a list, and each costs a copy of the text
_COLONS = ":："
_MARK = re.compile(r"\s?[:：՝|｜→>»›▶►–—]\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Where a known headline follows, these open a hint at it as well.
_KINDS = frozenset({"read_also", "related", "media"})


Ordinary = Callable[[], frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Line:
    """A read-also line: its place in the text, and whether its headline is known and its end thereby sure."""

    start: int
    end: int
    is_known: bool


def ordinary_words(blocks: Sequence[Block]) -> Ordinary:
    """Words that the article writes in lower case: one that opens with a capital opens a sentence.

    They are counted when they are asked for: hardly an article needs them.
    """
    return cache(lambda: _ordinary_words(blocks))


def _ordinary_words(blocks: Iterable[Block]) -> frozenset[str]:
    counts = Counter(word for block in blocks for word in _WORD.findall(block.text) if word.islower())
    return frozenset(word for word, uses in counts.items() if uses >= _LEAST_USES)


def without(block: Block, ordinary: Ordinary, headlines: Headlines) -> tuple[str, list[CutBlock]]:
    """A paragraph's text without its read-also lines, and those.

    A line whose headline is among ``headlines`` is cut to that headline's end; else its end is guessed by the
    article's ``ordinary`` words, and the line stays if nothing tells.
    """
    return _cut(block, list(islice(_lines(block.text, ordinary, headlines), _MOST_LINES)))


def hints(article: Article) -> bool:
    """Whether a headline known otherwise could change anything: a paragraph holds the opening of a hint."""
    texts = (block.text for block in article.blocks if block.kind is BlockKind.PARAGRAPH)
    return any(cut.rule == RULE for cut in article.cuts) or any(any(_openings(text)) for text in texts)


def again(article: Article, headlines: Headlines) -> Article:
    """The article with its read-also lines cut to the ends of these headlines, where one follows.

    What was guessed too long comes back. Where no headline is known nothing changes.
    """
    blocks: list[Block] = []
    cuts: Sequence[CutBlock] = article.cuts
    for block in article.blocks:
        guessed = [cut for cut in cuts if _is_inside(cut, block)]
        whole = _whole(block, guessed)
        lines = [] if block.kind is not BlockKind.PARAGRAPH else list(_lines(whole.text, None, headlines))
        if not any(line.is_known for line in lines):
            blocks.append(block)
            continue
        guesses = _guessed(whole.text, guessed, lines)
        text, found = _cut(whole, sorted([*lines, *guesses], key=lambda line: line.start)[:_MOST_LINES])
        if not text or text == block.text:
            blocks.append(block)
            continue
        blocks.append(replace(block, text=text))
        cuts = [*(cut for cut in cuts if not _is_inside(cut, block)), *found]
    if cuts is article.cuts:
        return article
    return replace(article, blocks=tuple(blocks), cuts=tuple(cuts))


def _is_inside(cut: CutBlock, block: Block) -> bool:
    return cut.rule == RULE and cut.behind >= 0 and cut.place == block.place >= 0


def _whole(block: Block, gone: Sequence[CutBlock]) -> Block:
    """The paragraph as it was before these lines were cut from it, one behind the other."""
    text = block.text
    for cut in reversed(gone):
        text = _joined(_joined(text[: cut.behind], cut.text), text[cut.behind :])
    return block if text == block.text else replace(block, text=text)


def _guessed(text: str, gone: Sequence[CutBlock], known: Sequence[_Line]) -> Iterator[_Line]:
    """The lines cut before that hold none of the known ones: they stay cut."""
    for cut in gone:
        start = text.find(cut.text)
        if start >= 0 and not any(start <= line.start < start + len(cut.text) for line in known):
            yield _Line(start, start + len(cut.text), is_known=False)


def _cut(block: Block, lines: Sequence[_Line]) -> tuple[str, list[CutBlock]]:
    text, stays, last = block.text, "", 0
    cuts: list[CutBlock] = []
    for line in lines:
        stays = _joined(stays, text[last : line.start])
        cuts.append(CutBlock.inside(block, text[line.start : line.end].strip(), RULE, len(stays)))
        last = line.end
    return (_joined(stays, text[last:]) if last else text), cuts


def _joined(first: str, second: str) -> str:
    """Two parts of a text; those of a script without spaces only have one between them if they had before."""
    is_close = first[-1:].strip() and second[:1].strip() and UNSPACED.match(second)
    return (first + second if is_close else f"{first.strip()} {second.strip()}").strip()


def _lines(text: str, ordinary: Ordinary | None, headlines: Headlines) -> Iterator[_Line]:
    """The read-also lines between the sentences of a paragraph; with no ``ordinary`` only the known ones."""
    last = 0
    for start, mark, kind in _openings(text):
        if start < last:
            continue
        head = _behind_label(text, mark.end())
        end = headlines.end(text, head)
        is_known = end is not None
        if end is None and ordinary is not None and kind == "read_also" and _may_guess(text, start, mark):
            end = _end_of_headline(text, head, ordinary())
        if end is not None and (start, end) != (0, len(text)):
            yield _Line(start, end, is_known)
            last = end


def _openings(text: str) -> Iterator[tuple[int, re.Match[str], str]]:
    """Where hints open in a paragraph: their first letter, the mark behind their words, their kind."""
    for mark in _MARK.finditer(text):
        for start in _starts(text, mark.start()):
            kind = phrases.opening(text[start : mark.start()])
            if kind in _KINDS:
                yield start, mark, kind
                break


def _starts(text: str, mark: int) -> Iterator[int]:
    """Where the words may begin that end at a mark: behind a sentence, in unspaced scripts behind a space."""
    before = list(sentences.END.finditer(text, max(0, mark - 80), mark))
    starts = [before[-1].end()] if before else [0]
    if UNSPACED.match(text[mark - 1 : mark]):
        starts.append(text.rfind(" ", 0, mark) + 1)
    for start in starts:
        words = text[start:mark]
        if len(words) <= _LONGEST_OPENING_CHARS:
            yield start + len(words) - len(words.lstrip())


def _may_guess(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether words before a colon are a hint without a known headline, too: several, behind a sentence."""
    words = key(text[start : mark.start()])
    if UNSPACED.search(words):
        before = text[:start].rstrip()
        is_long = len(words) >= _LEAST_OPENING_SIGNS and (not before or sentences.CLOSED.search(before))
    else:
        is_long = _LEAST_OPENING_WORDS <= words.count(" ") + 1 <= _MOST_OPENING_WORDS
    return bool(is_long) and mark[0].strip() in _COLONS


def _end_of_headline(text: str, start: int, ordinary: frozenset[str]) -> int | None:
    """Where a headline without a full stop ends: before a capital on an ordinary word, or with the text.

    Such as: … au-delà de l’Asie du Nord-Est Que pensez-vous …: the article writes "que" in lower case.
    In a script that has no capitals only a line that ends the text, and is no sentence, tells its end.
    """
    if UNSPACED.match(text, start):
        rest = text[start:]
        return len(text) if len(rest) <= _LONGEST_LAST_SIGNS and not sentences.END.search(rest) else None
    for number, word in enumerate(_WORD.finditer(text, start, start + _LONGEST_HEADLINE_CHARS)):
        stop = sentences.END.search(text, start, word.start())
        if stop and number >= _LEAST_HEADLINE_WORDS:
            return stop.end()
        first = re.split(r"['’-]", word[0])[0]
        if number >= _LEAST_HEADLINE_WORDS and first[:1].isupper() and first.lower() in ordinary:
            return word.start()
    rest = text[start:]
    return len(text) if len(rest) <= _LONGEST_LAST_CHARS else None


def _behind_label(text: str, start: int) -> int:
    """Behind a label such as 'Article réservé à nos abonnés' that stands before the headline."""
    words = list(_WORD.finditer(text, start, start + _LONGEST_LABEL_CHARS))[:7]
    for count in range(len(words), 1, -1):
        if phrases.whole(text[start : words[count - 1].end()]) == "paywall":
            return words[count - 1].end()
    return start
