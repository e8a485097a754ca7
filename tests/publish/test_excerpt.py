"""Excerpts end where a sentence ends, in every script, and never grow over their length."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.publish.excerpt import ELLIPSIS, excerpt


@pytest.mark.parametrize(
    ("language", "text", "chars", "expected"),
    [
        ("en", "One here. Two here. Three is long.", 22, "One here. Two here."),
        ("en", "He said: “Go!” Then he went away.", 20, "He said: “Go!”"),
        ("en", "Dr. Smith met Mr. J. Brown. They talked for long.", 40, "Dr. Smith met Mr. J. Brown."),
        ("en", "The U.S. is large. It has states and rivers.", 30, "The U.S. is large."),
        ("en", "It rose 3.5 percent. Then it fell again.", 25, "It rose 3.5 percent."),
        ("en", "It began in 1999. Then it grew for years.", 25, "It began in 1999."),
        ("de", "Am 3. Mai war es kalt. Dann wurde es warm.", 30, "Am 3. Mai war es kalt."),
        ("de", "Das gilt z.B. für Bern. Auch für Basel gilt es.", 30, "Das gilt z.B. für Bern."),
        ("fr", "« Vous partez ? » Il hésite encore un peu.", 25, "« Vous partez ? »"),
        ("el", "Τι είπε. Και μετά έφυγε από εδώ.", 15, "Τι είπε."),
        ("ru", "В 2020 г. город вырос. Потом он стал ещё больше.", 30, "В 2020 г. город вырос."),
        ("zh", "今天下雨。明天可能会放晴，但是气温很低。", 10, "今天下雨。"),
        ("ja", "「雨です。」と言った。明日は晴れるでしょう。", 14, "「雨です。」と言った。"),
        ("ar", "هل وصل القطار؟ قال المسافر إنه تأخر كثيرا.", 20, "هل وصل القطار؟"),
        ("ur", "یہ پہلا جملہ ہے۔ یہ دوسرا لمبا جملہ ہے جو کٹ جائے گا۔", 25, "یہ پہلا جملہ ہے۔"),
        ("hi", "यह पहला वाक्य है। यह दूसरा वाक्य है जो लंबा है।", 25, "यह पहला वाक्य है।"),
        (None, "First block.\nSecond block that is long.", 20, "First block."),
    ],
)
def test_excerpt_ends_where_a_sentence_ends(
    language: str | None, text: str, chars: int, expected: str
) -> None:
    assert excerpt(text, chars, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "chars", "expected"),
    [
        ("en", "A sentence that never ends within its room", 20, "A sentence that" + ELLIPSIS),
        ("en", "A list, of words, that goes on", 16, "A list, of" + ELLIPSIS),
        ("zh", "没有句号的很长很长的一段文字继续下去", 8, "没有句号的很长" + ELLIPSIS),
        ("en", "Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp" + ELLIPSIS),
        ("en", "Words", 1, ELLIPSIS),
    ],
)
def test_excerpt_without_a_sentence_end_stops_at_a_word_with_an_ellipsis(
    language: str, text: str, chars: int, expected: str
) -> None:
    assert excerpt(text, chars, language) == expected


def test_text_that_fits_comes_back_whole() -> None:
    assert excerpt("  Short. And sweet ", 300, "en") == "Short. And sweet"


def test_line_feeds_between_blocks_stay() -> None:
    assert excerpt("One.\nTwo.\nThree is longer.", 12, "en") == "One.\nTwo."


def test_an_excerpt_needs_room() -> None:
    with pytest.raises(ValueError, match="at least one"):
        excerpt("Text", 0, "en")


@given(st.text(), st.integers(1, 60), st.sampled_from(["en", "de", "zh", "ar", "th", None]))
def test_excerpt_of_any_text_fits_is_not_empty_and_begins_the_text(
    text: str, chars: int, language: str | None
) -> None:
    cut = excerpt(text, chars, language)
    assert len(cut) <= chars
    assert bool(cut) == bool(text.strip())
    assert text.strip().startswith(cut) or text.strip().startswith(cut.removesuffix(ELLIPSIS))


@pytest.mark.parametrize("text", ["e\u0301" * 20, "👩‍👩‍👧" * 9, "🇫🇷🇩🇪🇯🇵🇫🇷🇩🇪🇯🇵", "नमस्ते" * 5, "สวัสดีครับ" * 5])
@pytest.mark.parametrize("chars", range(2, 12))
def test_a_cut_never_tears_a_character(text: str, chars: int) -> None:
    head = excerpt(text, chars, None).removesuffix(ELLIPSIS)
    rest = text[len(head) :]
    assert not unicodedata.category(rest[0]).startswith("M")
    assert "\u200d" not in (rest[0], head[-1:])
    flags = sum("\U0001f1e6" <= char <= "\U0001f1ff" for char in head)
    assert flags % 2 == 0
