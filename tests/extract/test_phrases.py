"""The phrase files that operators extend."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from cli.program import aggregator

from aggregator.errors import ConfigError
from aggregator.extract import phrasebook, phrases
from aggregator.extract.phrasebook import fold

FILES = sorted(phrasebook.FOLDER.glob("*.toml"))
# Measured on 45,368 lines of truth: 103, nearly all of them captions and notices that the truth holds, too.
MOST_TRUE_LINES_CUT = 0.0026


def entries(path: Path) -> list[tuple[str, str, str]]:
    return list(phrasebook.entries(path))


def test_there_are_many_languages() -> None:
    assert len(FILES) >= 55


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_has_every_kind(path: Path) -> None:
    assert {kind for kind, _, _ in entries(path)} == set(phrasebook.KINDS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_whole_line_phrase_is_recognised(path: Path) -> None:
    lines = [phrase for _, name, phrase in entries(path) if name == "is"]
    assert lines
    assert all(phrases.kind_of(line.upper()) for line in lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_phrase_inside_a_line_is_found(path: Path) -> None:
    lines = [phrase for _, name, phrase in entries(path) if name in {"has", "rest"}]
    assert lines
    assert all(phrases.kind_of(f"— {line}! —") for line in lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_phrase_is_written_twice(path: Path) -> None:
    counts = Counter((kind, name, fold(phrase)) for kind, name, phrase in entries(path))
    assert [entry for entry, count in counts.items() if count > 1] == []


def test_no_phrase_of_a_list_is_of_two_kinds_in_any_language() -> None:
    kinds = defaultdict(set)
    for path in FILES:
        for kind, name, phrase in entries(path):
            kinds[name, fold(phrase)].add(kind)
    assert {entry: found for entry, found in kinds.items() if len(found) > 1} == {}


def test_true_lines_of_real_articles_stay(shared: Path) -> None:
    rows = (shared / "corpus" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    bodies = (json.loads(row)["body"] or "" for row in rows)
    lines = {line.strip() for body in bodies for line in body.split("\n")} - {""}
    cut = [line for line in lines if phrases.kind_of(line)]
    assert len(cut) / len(lines) <= MOST_TRUE_LINES_CUT


def test_long_paragraph_is_never_furniture() -> None:
    assert (
        phrases.kind_of("Sign up for our newsletter. " + "And then the story went on for a while. " * 10)
        is None
    )


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Čtěte také: Starý most padá", "read_also"),
        ("Läs även: Den gamla bron rivs", "read_also"),
        ("Διαβάστε επίσης: Η παλιά γέφυρα πέφτει", "read_also"),
        ("ЧИТАЙТЕ ТАКОЖ: Старий міст зносять", "read_also"),
        ("קְראו גַם: הגשר הישן נהרס", "read_also"),
        ("إقـــرأ أيضاً: الجسر القديم يختفي", "read_also"),
        ("بیشتر بخوانید: پل قدیمی خراب می‌شود", "read_also"),
        ("بيشتر بخوانيد: پل قدیمی خراب می‌شود", "read_also"),
        ("Կարդացեք նաև՝ Հին կամուրջը քանդվում է", "read_also"),
        ("யாரும் இல்லை | தொடர்ந்து படிக்க சந்தா", "paywall"),
        ("यह भी पढ़ें: पुराना पुल गिराया जा रहा है", "read_also"),
        ("อ่านเพิ่มเติม: สะพานเก่าถูกรื้อ", "read_also"),
        ("กรุณาสมัครสมาชิกเพื่ออ่านต่อวันนี้", "paywall"),
        ("本报记者整理未经授权不得转载", "copyright"),
        ("12 min read", None),
    ],
)
def test_a_line_is_known_in_its_script(line: str, kind: str | None) -> None:
    assert phrases.kind_of(line) == kind


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_phrase_with_a_gap_is_found_with_words_between(path: Path) -> None:
    lines = [phrase for _, name, phrase in entries(path) if name in {"begins", "ends"}]
    assert lines
    assert all(phrases.kind_of(line.replace(phrasebook.GAP, " Q7, Q7 ")) for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "Sign up at noon, said the crew.",
        "They told us to sign up for the ferry's own newsletter.",
        "Signs of a newsletter were nowhere to be seen.",
        "Sign up, they said, and then came a letter: " + "news of the ferry, " * 8 + "and a newsletter.",
        "Follow the river to the town of Facey.",
    ],
)
def test_words_of_a_call_inside_a_sentence_stay(line: str) -> None:
    assert phrases.kind_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading this story.",
        "Il vous reste 60% de cet article à lire.",
        "Jetzt weiterlesen mit dem Hafenblatt-Abo",
        "続きを読むには会員登録が必要です",
        "Aby czytać dalej, zaloguj się",
    ],
)
def test_wall_is_told_from_an_offer(line: str) -> None:
    assert phrases.paywall_words(line) == "rest"


@pytest.mark.parametrize("line", ["Start your free trial today.", "Cancel anytime.", "Nur für Abonnenten"])
def test_offers_and_labels_of_others_withhold_nothing(line: str) -> None:
    assert phrases.paywall_words(line) == "offer"


def test_an_operators_file_goes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[share]\nis = ["Read also", "Page 7 of 9"]\n', encoding="utf-8")
    book = phrasebook.read(phrasebook.FOLDER, tmp_path)
    assert book.is_["read also"] == "share"
    assert book.is_[fold("Page 12 of 30")] == "share"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[read_also\n", "not a readable TOML file"),
        ('[readalso]\nis = ["x"]\n', "[readalso] is no kind"),
        ('[read_also]\nare = ["x"]\n', "no such list"),
        ('[read_also]\nis = "x"\n', "a list of phrases is expected"),
        ('[read_also]\nis = ["…"]\n', "is no phrase"),
        ('[share]\nbegins = ["share it"]\n', "two parts with … between them"),
        ('read_also = ["x"]\n', "[read_also] is no kind"),
    ],
)
def test_a_wrong_file_is_named_with_what_was_expected(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        phrasebook.read(tmp_path)
    assert "own.toml" in str(caught.value)
    assert fault in str(caught.value)


PAGE = """<html lang="en"><body><article><h1>Ferry stays at the pier</h1>
<p>The ferry has stayed at the pier since Tuesday, and nobody in the harbour can say when it will sail.</p>
<p>Quoth the gull of Wrenley</p>
<p>The captain waits for a part of the engine that was ordered six weeks ago from a town in the north.</p>
</article></body></html>"""


def test_worker_processes_know_the_operators_phrases(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    asked = ("extract", str(tmp_path / "page.html"), "--url", "https://example.org/2026/ferry")
    assert "Quoth the gull" in aggregator(tmp_path, *asked).stdout
    own = tmp_path / "words"
    own.mkdir()
    (own / "gulls.toml").write_text('[share]\nhas = ["quoth the gull"]\n', encoding="utf-8")
    done = aggregator(tmp_path, *asked, AGGREGATOR_PHRASES="words")
    assert "Ferry stays" in done.stdout
    assert "Quoth the gull" not in done.stdout
    (own / "gulls.toml").write_text('[shared]\nhas = ["x"]\n', encoding="utf-8")
    failed = aggregator(tmp_path, *asked, AGGREGATOR_PHRASES="words")
    assert failed.returncode == 78
    assert "gulls.toml: [shared] is no kind of furniture" in failed.stderr
