"""The poster's fonts: open ones that come as packages, and which of them can write a text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont, features

_BOLD: Final = 700
_PROBE_PIXELS: Final = 32
_NO_CHARACTER: Final = "\U0010ffff"
_CJK: Final = "justmytype_intl_cjk"  # of the extra ``cjk``: 30 MB that not everybody needs


@dataclass(frozen=True, slots=True)
class Face:
    """A font file: its package, and its path there; ``axes`` are a variable font's, in its order."""

    package: str
    file: str
    axes: tuple[float, ...] = ()
    is_rtl: bool = False

    def of_size(self, pixels: int) -> ImageFont.FreeTypeFont:
        """The font in a size."""
        return _load(self, pixels)

    @property
    def path(self) -> Path | None:
        """Where the file lies; None if its package is not installed."""
        spec = find_spec(self.package)
        places = spec.submodule_search_locations if spec else None
        return next((path for place in places or () if (path := Path(place) / self.file).is_file()), None)


_SERIF: Final = Face("fontpkg_noto_serif", "files/NotoSerif[wdth,wght].ttf", (_BOLD, 100))
_ARABIC: Final = Face("fontpkg_ibm_plex_sans_arabic", "files/IBMPlexSansArabic-Bold.ttf", is_rtl=True)
_EAST: Final = {
    tag: Face(_CJK, f"fonts/ofl/notosans{name.lower()}/NotoSans{name}[wght].ttf", (_BOLD,))
    for tag, name in (
        ("ja", "JP"),
        ("zh", "SC"),
        ("zh-hant", "TC"),
        ("zh-tw", "TC"),
        ("zh-hk", "TC"),
        ("ko", "KR"),
    )
}

EVERY: Final = (_SERIF, _ARABIC, *dict.fromkeys(_EAST.values()))
"""All fonts; those of the extra ``cjk`` only where it is installed."""


def face_for(text: str, language: str) -> Face | None:
    """The font that has every letter of a text, its language's own first; None if none has."""
    for face in _in_order(language.lower()):
        if face.path is not None and (features.check("raqm") or not face.is_rtl) and _has_all(face, text):
            return face
    return None


def _in_order(language: str) -> Iterator[Face]:
    own = _EAST.get(language) or _EAST.get(language.split("-", maxsplit=1)[0])
    if own is not None:
        yield own
    yield from EVERY


def _has_all(face: Face, text: str) -> bool:
    return all(_has(face, char) for char in set(text) if not char.isspace())


@lru_cache(maxsize=20_000)
def _has(face: Face, char: str) -> bool:
    # Pillow tells no font's table of characters; what a font lacks it draws as what no font has.
    return not char.isprintable() or _shape(face, char) != _shape(face, _NO_CHARACTER)


def _shape(face: Face, char: str) -> bytes:
    mask = face.of_size(_PROBE_PIXELS).getmask(char)
    return repr(mask.size).encode() + bytes(mask)


@cache
def _load(face: Face, pixels: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(face.path), pixels)
    if face.axes:
        font.set_variation_by_axes(list(face.axes))
    return font
