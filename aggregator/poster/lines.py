"""Lines of a headline: as large as its place lets it be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from PIL import ImageFont

from aggregator.poster.fonts import Face

SIZES: Final = (84, 72, 62, 54, 46, 40)
"""In pixels; the first one in which a headline fits its place is taken."""

_LEADING: Final = 1.22
_ENDLESS_CHARS: Final = 12  # shorter words fit any line, in any size
_NOT_FIRST: Final = frozenset("、。，．・：；？！」』）】〕〉》ー々っゃゅょッャュョ,.:;!?)]}”’»%")
_NOT_LAST: Final = frozenset("「『（【〔〈《([{“‘«")


@dataclass(frozen=True, slots=True)
class Lines:
    """A text in lines, and the size in pixels in which they fit."""

    lines: tuple[str, ...]
    pixels: int

    @property
    def step(self) -> int:
        """Pixels from one line to the next."""
        return round(self.pixels * _LEADING)


def fitted(text: str, face: Face, width: int, height: int) -> Lines:
    """The text in the largest size in which it fits; in the smallest, what does not fit is left out."""
    for pixels in SIZES:
        found = Lines(tuple(_broken(text, face.of_size(pixels), width)), pixels)
        if len(found.lines) * found.step <= height:
            return found
    most = height // found.step
    last = found.lines[most - 1]
    is_wide = face.of_size(found.pixels).getlength
    while last and is_wide(last + "…") > width:
        last = last[:-1]
    return Lines((*found.lines[: most - 1], last.rstrip() + "…"), found.pixels)


def _broken(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    line = ""
    for piece in _pieces(text, lambda part: font.getlength(part) > width):
        if line and font.getlength((line + piece).rstrip()) > width:
            yield line.strip()
            line = ""
        line += piece
    yield line.strip()


def _pieces(text: str, is_too_wide: Callable[[str], bool]) -> Iterator[str]:
    """What a line may end behind: words, characters of scripts without spaces, parts of an endless word."""
    for word in text.split():
        piece = ""
        for char in word:
            is_open = _is_wide(char) or bool(piece and _is_wide(piece[-1]))
            is_open = is_open or (len(piece) >= _ENDLESS_CHARS and is_too_wide(piece + char))
            if piece and is_open and char not in _NOT_FIRST and piece[-1] not in _NOT_LAST:
                yield piece
                piece = ""
            piece += char
        yield piece + " "


def _is_wide(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" or "\uf900" <= char <= "\ufaff"
