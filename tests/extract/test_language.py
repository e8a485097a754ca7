"""The language comes from the text."""

import subprocess
import sys

import pytest

from aggregator.extract.language import detect

TEXTS = {
    "fr": "Le maire a annoncé mardi que le nouveau pont serait ouvert au public dès la semaine prochaine.",
    "de": "Der Bürgermeister kündigte am Dienstag an, dass die neue Brücke nächste Woche eröffnet wird.",
    "ar": "أعلن رئيس البلدية يوم الثلاثاء أن الجسر الجديد سيفتح أمام الجمهور في الأسبوع المقبل.",
    "ja": "市長は火曜日、新しい橋が来週から一般に開放されると発表した。",
    "zh": "市长星期二宣布，新桥将于下周向公众开放，届时将有数千人前来参观。",
    "zu": "Imeya imemezele ngoLwesibili ukuthi ibhuloho elisha lizovulelwa umphakathi ngesonto elizayo.",
}


@pytest.mark.parametrize("tag", sorted(TEXTS))
def test_text_decides_against_the_page(tag: str) -> None:
    found = detect(TEXTS[tag] * 2, "en-US")
    assert found is not None
    assert found.value == tag


def test_origin_names_the_two_detectors() -> None:
    found = detect(TEXTS["fr"], None)
    assert found is not None
    assert found.source == "py3langid+langdetect"


@pytest.mark.parametrize(
    ("claimed", "expected"), [("pt_BR", "pt"), ("de-CH", "de"), ("", None), (None, None), ("x", None)]
)
def test_short_text_leaves_it_to_the_page(claimed: str | None, expected: str | None) -> None:
    found = detect("OK.", claimed)
    assert (found.value if found else None) == expected


def test_answer_is_the_same_every_time() -> None:
    mixed = "Bonjour tout le monde. Good morning everybody. Guten Morgen zusammen. Buenos dias a todos."
    assert len({detect(mixed, None) for _ in range(5)}) == 1


def test_models_are_not_loaded_by_the_import() -> None:
    code = "import sys, aggregator.extract.page; print([name for name in sys.modules if 'lang' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "langdetect" not in done.stdout


def test_words_of_other_scripts_are_no_language_tag() -> None:
    assert detect("短い", "中文") is None


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Weather for Utrecht, 13 April", "en", "en"),
        ("Bro åpnet", "nb", "no"),
        ("Легкий мост", None, "ru"),
        ("Die neue Brücke ist eröffnet", "en", "de"),
    ],
)
def test_headline_alone_is_enough(text: str, declared: str | None, expected: str) -> None:
    found = detect(text, declared)
    assert found is not None
    assert found.value == expected
