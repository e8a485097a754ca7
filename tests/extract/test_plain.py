"""Foreign strings become plain text."""

import unicodedata

import pytest

from aggregator.extract.plain import key, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("It&#8217;s <b>bold</b>", "It’s bold"),
        ("a &lt;script&gt;alert(1)&lt;/script&gt; b", "a b"),
        ("<script>alert(1)</script>", ""),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("two\r\n lines\tand\u00a0spaces", "two lines and spaces"),
        ("null\x00 bell\x07 soft\u00adhyphen", "null bell softhyphen"),
        ("safe \u202etxet desrever", "safe txet desrever"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("cafe\u0301", "café"),
    ],
)
def test_field_is_plain_text(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_field_is_cut_to_size() -> None:
    assert len(plain("word " * 1000)) <= 1000


def test_key_folds_case_accents_and_punctuation() -> None:
    assert key("« À lire aussi : »") == key("a LIRE aussi")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("اقـــرأ أيضاً", "اقرا ايضا"),
        ("می\u200cخوانید", "مي خوانيد"),
        ("קְרָאוּ גַּם", "קראו גם"),
        ("वीडियो देखें!", "वीडियो देखें"),
        ("வீடியோ: பார்க்க", "வீடியோ பார்க்க"),
        ("อ่านเพิ่มเติม", "อ่านเพิ่มเติม"),
        ("한국어 기사", "한국어 기사"),
        ("Նաև", "նաեւ"),
    ],
)
def test_key_drops_points_and_keeps_vowel_signs(text: str, expected: str) -> None:
    assert key(text) == unicodedata.normalize("NFC", expected)


def test_tags_escaped_thrice_are_stripped_too() -> None:
    assert plain("A &amp;amp;lt;b&amp;amp;gt;bridge<b> opens</b>") == "A bridge opens"


def test_noncharacters_go() -> None:
    assert plain("a\uffff\ufdd0b") == "ab"
