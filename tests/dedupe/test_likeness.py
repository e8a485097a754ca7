"""What two texts are to one another: copies of every kind, and pages that only look alike."""

import pytest
from dedupe.prose import article, edited, sentences
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe.likeness import Likeness, Probes, Why, likeness
from aggregator.dedupe.shingles import sample
from aggregator.dedupe.words import words
from aggregator.model.duplicate import CopyKind

TEXT = article(1, 24)
FOOTER = (
    "The Harbour Post is an independent paper founded by fishermen, and it lives on what its readers give. "
    "If you like our work, think about a small monthly gift; every coin helps to keep the pages open to all. "
    "We use cookies to remember your choices; you can change these choices at the end of any page. "
    "Tell the editors about mistakes with the headline and the date, and they will correct them soon."
)


def seen(older: str, newer: str, *, one_outlet: bool = False) -> Likeness:
    return likeness(words(older), words(newer), one_outlet=one_outlet)


@pytest.mark.parametrize(
    ("newer", "kind"),
    [
        (edited(TEXT, 0.2), CopyKind.SYNDICATED),
        (f"OSLO (NTB) \u2014 {TEXT}\n\nRead also\n\nSource link", CopyKind.SYNDICATED),
        (TEXT[: len(TEXT) // 4] + "\u2026", CopyKind.EXCERPT),
        (" ".join(sentences(1, 24)[::2]), CopyKind.EXCERPT),
        (f"{TEXT}\n\n{article(7, 14)}", CopyKind.CONTAINS),
        (f"{article(8, 14)}\n\n{TEXT}", CopyKind.CONTAINS),
        (f"{article(9, 4)}\n\n{edited(TEXT[: len(TEXT) // 2], 0.15)}...\n\nSubscribe", CopyKind.EXCERPT),
    ],
    ids=[
        "edited",
        "wrapped",
        "first quarter",
        "every second sentence",
        "appended",
        "prepended",
        "cut edited wrapped",
    ],
)
def test_copies_are_found_with_their_kind(newer: str, kind: CopyKind) -> None:
    found = seen(TEXT, newer)
    assert found.kind is kind
    assert found.score >= 0.5


def test_new_text_at_the_same_outlet_is_a_revision() -> None:
    assert seen(TEXT, edited(TEXT, 0.1), one_outlet=True).kind is CopyKind.REVISION


def test_evidence_tells_what_is_shared_and_what_differs() -> None:
    extra = article(5, 8)
    evidence = seen(TEXT, f"{TEXT}\n\n{extra}").evidence
    count = len(words(TEXT))
    assert evidence.passages == ((0, count, 0, count),)
    assert evidence.of_older == 1.0
    assert evidence.of_newer == pytest.approx(count / (count + len(words(extra))), abs=0.001)
    assert evidence.jaccard == evidence.of_newer


WEATHER = (
    "{0} can look forward to a mild day on {1} March with {2} degrees at noon and {3} at night. The "
    "wind blows from the south with {4} kilometres an hour and reaches {5} on the hills. The chance of "
    "rain is {6} percent. The sun rises at 6.{7} and sets at 18.{8}. Water in the bay has {9} degrees. "
    "The next forecast comes at noon."
)
WETTER = (
    "In {0} wird es am {1}. M\u00e4rz heiter bei {2} Grad am Tag und {3} Grad in der Nacht. Der Wind "
    "weht aus S\u00fcden mit {4} Kilometern in der Stunde, auf den H\u00f6hen mit {5}. Die "
    "Regenwahrscheinlichkeit liegt bei {6} Prozent. Die Sonne geht um 6.{7} Uhr auf und um 18.{8} Uhr "
    "unter. Das Wasser hat {9} Grad."
)
MATCH = (
    "{0} a battu {1} par {2} buts \u00e0 {3} devant {4} spectateurs. {5} a ouvert la marque \u00e0 la "
    "{6}e minute, avant que {7} ne double la mise \u00e0 la {8}e. Les visiteurs ont tir\u00e9 {9} fois "
    "sans trouver le cadre."
)
OBITUARY = (
    "{0}, die lange in {1} lebte, ist im Alter von {2} Jahren im Kreis ihrer Familie gestorben. "
    "Geboren in {3} als Tochter von {4}, besuchte sie die Schule in {5} und arbeitete viele Jahre bei "
    "{6}. Um sie trauern ihr Mann {7} und ihre Kinder. Die Trauerfeier findet am {8}. Mai in der "
    "Kirche von {9} statt."
)
SHARES = (
    "Las acciones de {0} subieron un {2},{3} por ciento hasta los {4} euros, con {5} millones de "
    "t\u00edtulos negociados. La empresa vale {6} millones y gan\u00f3 {7} c\u00e9ntimos por "
    "acci\u00f3n en el trimestre, frente a los {8} que esperaban los analistas. El valor se movi\u00f3 "
    "entre {9} y {1} euros durante la sesi\u00f3n."
)
TENKI = (
    "{0}の{1}日の天気は晴れで、最高気温は{2}度、最低気温は{3}度の見込みです。南の風が{4}メートル、山で"
    "は{5}メートル吹くでしょう。降水確率は{6}パーセントです。日の出は6時{7}分、日の入りは18時{8}分です"
    "。海の水温は{9}度です。"
)
ONE = ("Alnes", "Birk", "17", "Corvo", "Dalen", "Esker", "31", "Farrow", "44", "Gullen")
TWO = ("Holm", "Ivar", "23", "Jarl", "Kestrel", "Lund", "58", "Moen", "12", "Nesset")
FIRST = ("Alnes", "3", "17", "9", "14", "31", "20", "12", "44", "8")
SECOND = ("Holm", "4", "21", "11", "26", "52", "75", "10", "47", "15")


@pytest.mark.parametrize(
    ("template", "one", "two"),
    [
        (WEATHER, FIRST, SECOND),
        (WEATHER, FIRST, ("Alnes", *SECOND[1:])),
        (WETTER, FIRST, SECOND),
        (MATCH, ONE, TWO),
        (OBITUARY, ONE, TWO),
        (SHARES, FIRST, SECOND),
        (TENKI, FIRST, SECOND),
    ],
    ids=["weather", "weather of the next day", "German", "match", "obituary", "shares", "Japanese"],
)
def test_pages_of_one_template_are_no_copies(
    template: str, one: tuple[str, ...], two: tuple[str, ...]
) -> None:
    first, second = template.format(*one), template.format(*two)
    assert seen(first, second).kind is None
    assert seen(first, first + " Photo: agency.").kind is not None


def test_an_update_of_one_figure_is_no_template() -> None:
    older = article(3) + " The storm cost 14 lives."
    assert seen(older, older.replace("14 lives", "19 lives")).kind is CopyKind.SYNDICATED


@pytest.mark.parametrize("length", [4, 8])
def test_a_shared_footer_makes_no_copy(length: int) -> None:
    found = seen(f"{article(11, length)}\n\n{FOOTER}", f"{article(12, length)}\n\n{FOOTER}")
    assert found.kind is None


def test_a_shared_quotation_makes_no_copy() -> None:
    quote = " ".join(sentences(50, 6))
    one, two = (f"{article(n, 12)} {quote} {article(n + 10, 6)}" for n in (21, 22))
    assert seen(one, two).kind is None


def test_a_live_blog_that_holds_a_teaser_is_no_copy_of_it() -> None:
    teaser = article(31, 6)
    blog = "\n\n".join((article(32, 12), teaser, article(33, 12)))
    assert seen(teaser, blog).why is Why.QUOTED
    assert seen(teaser, f"{teaser}\n\n{article(34, 24)}").kind is CopyKind.CONTAINS


def test_what_stands_in_many_texts_does_not_speak_for_a_copy() -> None:
    older, newer = (f"{FOOTER}\n\n{article(number, 4)}" for number in (41, 42))
    text = words(newer)
    probes = tuple(sample(text).probes.values())
    footer = frozenset(place for place in probes if place < len(words(FOOTER)) - 4)
    common = Probes(probes, footer)
    assert likeness(words(older), text, one_outlet=False, probes=common).kind is None


@given(st.text(max_size=400), st.text(max_size=400))
def test_shares_stay_between_0_and_1(one: str, two: str) -> None:
    found = seen(one, two)
    for share in (
        found.score,
        found.evidence.jaccard,
        found.evidence.facts_agree,
        found.evidence.numbers_agree,
    ):
        assert 0 <= share <= 1
