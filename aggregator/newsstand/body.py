"""The body of a demo article: written text -> parts, with what outlets push between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_JOINED_WITHOUT_SPACE = ("ja", "zh")


class PartKind(StrEnum):
    """What a part of a page's text column is; the last three are no part of the article."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    QUOTE = "quote"
    READ_ALSO = "read_also"
    NEWSLETTER = "newsletter"
    PAYWALL = "paywall"


@dataclass(frozen=True, slots=True)
class Part:
    """One part; a list has one line an item, all others at most one. ``href`` is a read-also line's link."""

    kind: PartKind
    lines: tuple[str, ...] = ()
    href: str = ""

    @property
    def text(self) -> str:
        """The part as one line."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Inserts:
    """What an outlet sets between paragraphs, by the number of the paragraph that it follows.

    ``read_also`` holds (headline, URL); ``shown`` is the number of paragraphs before the paywall.
    """

    read_also: Mapping[int, tuple[str, str]]
    newsletter_after: int | None = None
    shown: int | None = None


def parse(text: str, language: str) -> tuple[Part, ...]:
    """Parts of a written text: blank lines part them; ``## ``, ``- `` and ``> `` mark what they are."""
    glue = "" if language.startswith(_JOINED_WITHOUT_SPACE) else " "
    return tuple(part for chunk in text.strip().split("\n\n") for part in _parts(chunk.splitlines(), glue))


def _parts(lines: Sequence[str], glue: str) -> Iterator[Part]:
    rest = [line.strip() for line in lines if line.strip()]
    if rest and rest[0].startswith("## "):
        yield Part(PartKind.HEADING, (rest[0].removeprefix("## "),))
        rest = rest[1:]
    if not rest:
        return
    if all(line.startswith("- ") for line in rest):
        yield Part(PartKind.LIST, tuple(line.removeprefix("- ") for line in rest))
    elif all(line.startswith(">") for line in rest):
        yield Part(PartKind.QUOTE, (glue.join(line.removeprefix(">").strip() for line in rest),))
    else:
        yield Part(PartKind.PARAGRAPH, (glue.join(rest),))


def insert(parts: Sequence[Part], inserts: Inserts) -> tuple[Part, ...]:
    """The parts as the outlet's page shows them; what lies behind the paywall is left out."""
    return tuple(_inserted(parts, inserts))


def _inserted(parts: Sequence[Part], inserts: Inserts) -> Iterator[Part]:
    paragraphs = 0
    for part in parts:
        yield part
        if part.kind is not PartKind.PARAGRAPH:
            continue
        paragraphs += 1
        if paragraphs == inserts.shown:
            yield Part(PartKind.PAYWALL)
            return
        if paragraphs in inserts.read_also:
            headline, href = inserts.read_also[paragraphs]
            yield Part(PartKind.READ_ALSO, (headline,), href)
        if paragraphs == inserts.newsletter_after:
            yield Part(PartKind.NEWSLETTER)
