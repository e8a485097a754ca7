"""Text beyond the rights: whether a document shows what the gate would refuse today."""

from collections.abc import Iterable, Iterator

from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Owed
from aggregator.checking.words import bare, windows

_QUOTED_CHARS = 80


def beyond(document: Document, text: str, met: Iterable[Owed]) -> Iterator[Finding]:
    """A finding for each publication whose withheld text stands in the document's whole text.

    What one of the publications met there may show is no fault, whoever else withholds the same words.
    """
    owed = list(met)
    held = {piece: each for each in owed for piece in windows(bare(each.withheld))}
    if not held:
        return
    shown = bare(text)
    allowed = "\0".join(bare(f"{each.headline} {each.credit}\n{each.allowed}") for each in owed)
    told: set[int] = set()
    for size in sorted({len(piece) for piece in held}):
        for start in range(len(shown) - size + 1):
            piece = shown[start : start + size]
            each = held.get(piece)
            if each is not None and each.id not in told and piece not in allowed:
                told.add(each.id)
                message = f"it shows text of article {each.id} that the rights withhold: “…{piece}…”"
                yield Finding(Fault.RIGHTS_TEXT, document.url, each.permanent, message)


def shown(document: Document, place: str, text: str, owed: Owed) -> Iterator[Finding]:
    """Whether the text that stands for the article is the outlet's own, and no more than it may be."""
    if owed.refusal:
        message = f"the rights refuse it now: {owed.refusal}"
        yield Finding(Fault.RIGHTS_REFUSED, document.url, place, message)
        return
    piece = bare(text)
    if piece and piece not in bare(owed.allowed):
        is_more = piece in bare(f"{owed.allowed}\n{owed.withheld}") or bare(owed.allowed) in piece
        fault = Fault.RIGHTS_TEXT if is_more and owed.withheld else Fault.RIGHTS_ALTERED
        said = " ".join(text.split())[-_QUOTED_CHARS:]
        message = f"its text is not what the rights allow (mode {owed.mode.value}); it ends “{said}”"
        yield Finding(fault, document.url, place, message)
