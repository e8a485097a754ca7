"""Drawing the poster: 1200 x 630 pixels, as those who show links want it."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from aggregator.poster.fonts import Face, face_for
from aggregator.poster.lines import fitted

WIDTH, HEIGHT = 1200, 630
TINTS: Final = (
    "#8f1d21", "#1c4e80", "#2b6a3a", "#7d4a00", "#5b3a86", "#00655f", "#9a3a0e", "#4a5420",
)  # fmt: skip
"""The style sheet's colours of outlets on paper."""

_PAPER, _INK, _RULE = "#fdfcf8", "#1a1916", "#d8d3c6"
_EDGE, _BAR = 76, 18
_TOP, _FOOT = 152, 520
_LABEL, _SITE = 34, 40
_COLOURS: Final = 64  # smooth edges of two inks on one paper need no more, and the file is a third


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it, as plain text on one line each; ``tint`` is the outlet's colour, from 0."""

    headline: str
    outlet: str
    site: str
    language: str
    tint: int


@lru_cache(maxsize=256)
def draw(poster: Poster) -> bytes:
    """The poster as a PNG; what no font here writes is left out, never drawn as boxes."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(picture)
    tint = TINTS[poster.tint % len(TINTS)]
    pen.rectangle((0, 0, WIDTH, _BAR), fill=tint)
    pen.line((_EDGE, _FOOT, WIDTH - _EDGE, _FOOT), fill=_RULE, width=2)
    large, face = _large(poster)
    is_rtl = face is not None and face.is_rtl
    if large == poster.headline:
        _label(pen, (poster.outlet, poster.language), (72, _LABEL), tint, is_rtl=is_rtl)
    _label(pen, (poster.site, ""), (_FOOT + 32, _SITE), _INK, is_rtl=is_rtl)
    if face is not None:
        _headline(pen, large, face)
    out = BytesIO()
    picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


def _large(poster: Poster) -> tuple[str, Face | None]:
    """The headline with its font; of one that no font writes, the outlet's name."""
    face = face_for(poster.headline, poster.language)
    if face is not None:
        return poster.headline, face
    return poster.outlet, face_for(poster.outlet, poster.language)


def _headline(pen: ImageDraw.ImageDraw, text: str, face: Face) -> None:
    found = fitted(text, face, WIDTH - 2 * _EDGE, _FOOT - _TOP - 24)
    font = face.of_size(found.pixels)
    for number, line in enumerate(found.lines):
        top = _TOP + number * found.step
        if face.is_rtl:
            pen.text((WIDTH - _EDGE, top), line, fill=_INK, font=font, anchor="ra", direction="rtl")
        else:
            pen.text((_EDGE, top), line, fill=_INK, font=font, anchor="la")


def _label(
    pen: ImageDraw.ImageDraw, text: tuple[str, str], place: tuple[int, int], ink: str, *, is_rtl: bool
) -> None:
    """A line of words in a language, at a height in a size, cut to the width; at the headline's side."""
    words, language = text
    top, pixels = place
    face = face_for(words, language)
    if face is None:
        return
    font = face.of_size(pixels)
    while font.getlength(words) > WIDTH - 2 * _EDGE:
        words = words.rstrip("…")[:-1].rstrip() + "…"
    x, anchor = (WIDTH - _EDGE, "ra") if is_rtl else (_EDGE, "la")
    pen.text((x, top), words, fill=ink, font=font, anchor=anchor)
