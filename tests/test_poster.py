"""The poster: a headline in its own script and direction, or none."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from aggregator.poster.drawing import HEIGHT, TINTS, WIDTH, Poster, draw
from aggregator.poster.fonts import face_for
from aggregator.poster.lines import SIZES, fitted

PLAIN = Poster("The ferry stays at the pier", "The Harbour", "The Test", "en", 3)
HEADLINES = {
    "en": "The ferry stays at the pier",
    "el": "Το πλοίο μένει στο λιμάνι",
    "ru": "Паром у причала",
    "ar": "العبارة باقية في الميناء مع NASA",
    "fa": "کشتی در بندر می‌ماند، گفت",
    "ja": "連絡船は「岸壁」を離れず、",
    "zh": "渡轮仍停在码头",
    "ko": "여객선은 부두에 머문다",
}
UNDRAWN = "नाव घाट पर ही है"


def drawn(poster: Poster) -> Image.Image:
    return Image.open(BytesIO(draw(poster))).convert("L")


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box of what is dark where the headline stands."""
    box = picture.crop((0, 140, WIDTH, 515)).point(lambda grey: 255 if grey < 100 else 0).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("language", HEADLINES)
def test_a_headline_is_drawn_in_its_script_at_its_side(language: str) -> None:
    left, _, right, _ = ink(drawn(replace(PLAIN, headline=HEADLINES[language], language=language)))
    starts = (WIDTH - right, left) if language in {"ar", "fa"} else (left, WIDTH - right)
    assert 60 < starts[0] < 100 < starts[1]


def test_arabic_letters_are_joined() -> None:
    face = face_for(HEADLINES["ar"], "ar")
    assert face is not None
    font = face.of_size(60)
    apart = sum(font.getlength(letter, direction="rtl") for letter in "العبارة")
    assert font.getlength("العبارة", direction="rtl") < 0.8 * apart


def test_what_no_font_writes_is_left_out_for_the_outlets_name() -> None:
    assert face_for(UNDRAWN, "hi") is None
    assert draw(replace(PLAIN, headline=UNDRAWN)) == draw(replace(PLAIN, headline=UNDRAWN + UNDRAWN))
    assert draw(replace(PLAIN, headline=UNDRAWN, outlet=UNDRAWN, site=UNDRAWN))


def test_a_poster_is_a_small_png_of_the_size_that_is_promised() -> None:
    for headline in (*HEADLINES.values(), "word " * 200, "Donaudampfschifffahrt" * 30, ""):
        body = draw(replace(PLAIN, headline=headline, outlet=headline or "The Harbour"))
        opened = Image.open(BytesIO(body))
        assert (opened.format, opened.size) == ("PNG", (WIDTH, HEIGHT))
        assert len(body) < 60_000


@pytest.mark.parametrize(
    "text", ["one two three " * 4, "word " * 200, "Donaudampfschifffahrt" * 30, "船" * 200]
)
def test_lines_fit_their_place_in_the_largest_size_that_does(text: str) -> None:
    face = face_for(text, "ja")
    assert face is not None
    found = fitted(text, face, 900, 340)
    font: ImageFont.FreeTypeFont = face.of_size(found.pixels)
    assert found.pixels in SIZES
    assert all(font.getlength(line) <= 900 for line in found.lines)
    assert len(found.lines) * found.step <= 340
    assert found.lines[-1].endswith("…") == ("".join(found.lines).replace(" ", "") != text.replace(" ", ""))


def test_a_line_neither_begins_nor_ends_where_japanese_does_not() -> None:
    text = "港の事務所は「朝には四十七隻、夕方には一隻もいなかった」と発表した。" * 2
    face = face_for(text, "ja")
    assert face is not None
    lines = fitted(text, face, 700, 5000).lines
    assert not {line[0] for line in lines} & set("、。」")
    assert not {line[-1] for line in lines} & set("「")


def test_its_colours_are_the_style_sheets() -> None:
    sheet = (Path(__file__).parents[1] / "aggregator/site/static/site.css").read_text()
    assert tuple(re.findall(r"--t\d: (#\w+);", sheet))[: len(TINTS)] == TINTS
