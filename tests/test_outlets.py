"""Outlet cards: what they hold, how they fail, how they are written."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import outlets
from aggregator.errors import CardError, ConfigError
from aggregator.model.outlet import (
    Adaptive,
    CreditPosition,
    Cron,
    Follow,
    Interval,
    Layout,
    Outlet,
    Pace,
    Politeness,
    RequiredPart,
    Rights,
    RightsMode,
    Rules,
    Schedule,
    Seed,
    SeedKind,
)
from aggregator.outlets.card import Card

ROOT = Path(__file__).resolve().parent.parent
HEAD = """
name = "Le Phare"
homepage = "https://lephare.example/"
language = "fr"
country = "FR"
"""
SEEDS = """
[[seeds]]
kind = "feed"
url = "https://lephare.example/rss.xml"
"""
PLAIN = Outlet(
    slug="phare",
    name="Le Phare",
    homepage="https://lephare.example/",
    language="fr",
    country="FR",
    seeds=(Seed(SeedKind.FEED, "https://lephare.example/rss.xml"),),
)
FULL = replace(
    PLAIN,
    seeds=(*PLAIN.seeds, Seed(SeedKind.SECTION, "https://lephare.example/bretagne/")),
    include=(r"/\d{4}/", "é"),
    exclude=("/video/",),
    paused=True,
    politeness=Politeness(2.5, 1, 10.0, 50, ("127.0.0.0/8", "fc00::/8")),
    schedule=Cron("15 6,18 * * mon-fri", "Europe/Paris"),
    rights=Rights(
        RightsMode.FULL,
        200,
        "CC-BY-ND-4.0",
        "https://lephare.example/licence",
        licence_hash="ab" * 32,
        licence_checked=date(2026, 5, 1),
        to_confirm=True,
        agreement=True,
        automatic=False,
        monthly_cap=12,
        images=True,
        verbatim=True,
        commercial=False,
        required=(RequiredPart.INSTITUTION, RequiredPart.TRACKER),
        provided=(RequiredPart.INSTITUTION,),
        credit='Le "Phare"',
        credit_position=CreditPosition.BOTH,
        on_gone=Follow.KEEP,
        on_paywall=Follow.WITHDRAW,
    ),
    publish=Pace(-3, 2, 45, 12, 90, ("22:00-06:30", "12:00-13:00")),
    rules=Rules(
        body=("div.body > p", "article"),
        headline=("h1",),
        byline=(".author", "xpath:substring-after(//p[@class='by'], 'Par ')"),
        published=("time",),
        cuts=("aside", "p.lire-aussi"),
        cut_lines=("Lire aussi.*",),
        least_share=0.25,
        layouts=(
            Layout(date(2021, 12, 31), Rules(within=("#texte",), cuts=("xpath://div[@class='pub']",))),
            Layout(date(2018, 1, 31), Rules(body=("td.article",))),
        ),
    ),
)


def card(folder: Path, text: str, slug: str = "phare") -> Path:
    path = folder / f"{slug}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, slug: str = "phare") -> list[str]:
    path = card(folder, text, slug)
    with pytest.raises(CardError) as caught:
        outlets.read(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


def test_short_card_gets_every_default(tmp_path: Path) -> None:
    assert outlets.read(card(tmp_path, HEAD + SEEDS)) == PLAIN


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("outlet", [PLAIN, FULL])
def test_card_that_was_written_reads_back_the_same(tmp_path: Path, outlet: Outlet, *, whole: bool) -> None:
    assert outlets.read(card(tmp_path, outlets.dumps(outlet, whole=whole))) == outlet


@pytest.mark.parametrize(
    ("keys", "schedule"),
    [
        ("", Adaptive()),
        ('cron = "0 6 * * *"', Cron("0 6 * * *", "UTC")),
        ('cron = "0 6 * * sun"\ntimezone = "Asia/Tokyo"', Cron("0 6 * * sun", "Asia/Tokyo")),
        ("every_minutes = 15", Interval(15.0, 60.0)),
        ("every_minutes = 15\njitter_seconds = 0", Interval(15.0, 0.0)),
        ("fastest_minutes = 5", Adaptive(5.0, 720.0)),
        ("slowest_minutes = 5", Adaptive(5.0, 5.0)),
        ("fastest_minutes = 1000", Adaptive(1000.0, 1000.0)),
    ],
)
def test_schedule_is_what_its_keys_mean(tmp_path: Path, keys: str, schedule: Schedule) -> None:
    assert outlets.read(card(tmp_path, f"{HEAD}{SEEDS}[schedule]\n{keys}")).schedule == schedule
    assert outlets.read(card(tmp_path, outlets.dumps(replace(PLAIN, schedule=schedule)))).schedule == schedule


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[rights]\nmode = 'ful'", "rights.mode: expected one of full, excerpt, link, never; got 'ful'"),
        ("[rights]\nmdoe = 'full'", "rights.mdoe: unknown key; did you mean mode?"),
        ("[rights]\nautomatic = 'yes'", "rights.automatic: expected true or false; got 'yes'"),
        (
            "[rights]\nlicence_url = 'cc'",
            "expected an address that starts with http:// or",
        ),
        (
            "[rights]\nlicence = 'CC-BY-5.0'",
            "rights.licence: expected an SPDX id such as CC-BY-4.0, or words",
        ),
        ("[rights]\nlicence = 'cc-by-nd-4.0'", "did you mean CC-BY-ND-4.0?"),
        ("[rights]\nlicence_hash = 'abc'", "rights.licence_hash: expected the 64 hex digits"),
        (f"[rights]\nlicence_hash = '{'0' * 64}'", "rights: expected licence_url beside licence_hash"),
        ("[rights]\nlicence_checked = '2026'", "rights.licence_checked: expected a day without quotes"),
        ("[rights]\nto_confirm = true", "rights: expected licence or licence_url beside to_confirm"),
        ("[rights]\nmonthly_cap = 0", "rights.monthly_cap: expected at least 1; got 0"),
        ("[rights]\nmonthly_cap = '9'", "rights.monthly_cap: expected a whole number; got '9'"),
        ("[rights]\nimages = 1", "rights.images: expected true or false; got 1"),
        ("[rights]\ncommercial = 'no'", "rights.commercial: expected true or false; got 'no'"),
        ("[rights]\nrequired = 'tracker'", "rights.required: expected a list"),
        ("[rights]\nrequired = ['pixel']", "rights.required no. 1: expected one of institution, tracker,"),
        ("[rights]\nprovided = ['tracker']", "rights: expected in provided only what stands in required"),
        ("[rights]\ncredit_position = 'left'", "rights.credit_position: expected one of top, bottom, both"),
        ("[rights]\non_gone = 'delete'", "rights.on_gone: expected one of withdraw, narrow, keep"),
        ("[rights]\non_paywall = true", "rights.on_paywall: expected one of withdraw, narrow, keep"),
        ("[rights]\nmode = 'excerpt'\nverbatim = true", "rights: expected mode full, link or never beside"),
        (
            "[rights]\nmode = 'full'\nlicence = 'CC-BY-NC-ND-4.0'",
            "rights: expected verbatim = true beside mode full and CC-BY-NC-ND-4.0",
        ),
        (
            "[rights]\nmode = 'full'\nlicence = 'Alle Rechte vorbehalten'",
            "rights: expected agreement = true for mode full beside",
        ),
        (
            "[rights]\ncommercial = true\nlicence = 'CC-BY-NC-4.0'",
            "rights: expected agreement = true for commercial = true beside CC-BY-NC-4.0",
        ),
        ("[polite]\n", "polite: unknown key; did you mean politeness?"),
        ("[politeness]\ndelay_seconds = -1", "politeness.delay_seconds: expected at least 0; got -1"),
        ("[politeness]\ndelay_seconds = nan", "politeness.delay_seconds: expected"),
        ("[politeness]\nconcurrency = 2.5", "politeness.concurrency: expected a whole number; got 2.5"),
        ("[politeness]\nmax_entries = '9'", "politeness.max_entries: expected a whole number; got '9'"),
        ("[politeness]\nallow_addresses = ['8.8.8.0/24']", "allow_addresses no. 1: expected a private"),
        ("[politeness]\nallow_addresses = ['0.0.0.0/0']", "allow_addresses no. 1: expected a private"),
        ("[politeness]\nallow_addresses = ['::/0']", "allow_addresses no. 1: expected a private"),
        ("[politeness]\nallow_addresses = ['10.0.0.1/8']", "expected a network such as 127.0.0.0/8"),
        ("[politeness]\nallow_addresses = '10.0.0.0/8'", "allow_addresses: expected a list"),
        ("[schedule]\ncron = '61 * * * *'", "schedule.cron: expected a cron expression of five fields"),
        ("[schedule]\ncron = '0 6 * * 1'", "schedule.cron: expected weekdays by name (mon, tue-fri)"),
        ("[schedule]\ncron = '0 6 * * *'\ntimezone = 'Europe'", "schedule.timezone: expected a time zone"),
        ("[schedule]\ncron = '0 6 * * *'\ntimezone = '../etc'", "schedule.timezone: expected a time zone"),
        ("[schedule]\ncron = '0 6 * * *'\nevery_minutes = 5", "schedule: expected only one of"),
        ("[schedule]\ntimezone = 'UTC'", "schedule: expected cron beside timezone"),
        ("[schedule]\njitter_seconds = 5", "schedule: expected every_minutes beside jitter_seconds"),
        (
            "[schedule]\nfastest_minutes = 9\nslowest_minutes = 5",
            "expected fastest_minutes <= slowest_minutes",
        ),
        ("[schedule]\nevery_minutes = 0", "schedule.every_minutes: expected at least 1; got 0"),
        ("[rules]\nbody = 'div['", "rules.body: expected a CSS selector; got 'div['"),
        ("[rules]\nbody = ['main', 'div[']", "rules.body: expected a CSS selector; got 'div['"),
        ("[rules]\nbody = '//div'", "before an XPath stands xpath:"),
        ("[rules]\nbody = 'xpath://div['", "rules.body: expected an XPath (1.0) behind xpath:; got"),
        (
            "[rules]\nbody = 'xpath://div[re:test(@id, \"x\")]'",
            "rules.body: expected an XPath (1.0) without v",
        ),
        ("[rules]\nbody = 'xpath://p[contain(@id, \"x\")]'", "functions alone; got"),
        ("[rules]\nbody = 'xpath://p[contains(@id=\"x\")]'", "expected contains() with 2 arguments; got 1"),
        ("[rules]\nbody = 'xpath:document(\"/etc/passwd\")'", "rules.body: expected an XPath (1.0) "),
        ("[rules]\nbody = 'xpath:string(//h1)'", "rules.body: expected an XPath that gives elements"),
        ("[rules]\nheadline = 'xpath:count(//h1)'", "headline: expected an XPath that gives elements or a t"),
        ("[rules]\ncuts = ['xpath:$x']", "rules.cuts no. 1: expected an XPath (1.0)"),
        ("[rules]\nleast_share = 2", "rules.least_share: expected at most 1; got 2"),
        (
            "[[rules.layouts]]\nbody = 'td'",
            "rules.layouts no. 1: until: expected the last day of this layout",
        ),
        ("[[rules.layouts]]\nuntil = '2024'", "until: expected a day without quotes, such as 2024-05-01"),
        (
            "[[rules.layouts]]\nuntil = 2024-05-01\n[[rules.layouts]]\nuntil = 2024-05-01",
            "rules: expected layouts with an until of their own each",
        ),
        ("[rules]\nbody = 'svg|rect'", "rules.body: expected a CSS selector; got 'svg|rect'"),
        ("[schedule]\ncron = '0 0 31 feb *'", "schedule.cron: expected a day that comes"),
        ("[rules]\nheadline = 'h1::text'", "rules.headline: expected a CSS selector"),
        ("[rules]\ncut_lines = ['(']", "rules.cut_lines no. 1: expected a regular expression; got '('"),
        ("[[seeds]]\nkind = 'fead'\nurl = 'https://a.example/'", "seeds no. 2: kind: expected one of feed,"),
        ("[[seeds]]\nkind = 'feed'", "seeds no. 2: url: expected where it is; the key is missing"),
        (
            "[[seeds]]\nkind = 'feed'\nurl = 'https://lephare.example/rss.xml'",
            "seeds: expected each seed once",
        ),
    ],
)
def test_wrong_key_is_named_with_what_was_expected(tmp_path: Path, text: str, fault: str) -> None:
    (line,) = faults(tmp_path, HEAD + SEEDS + text)
    assert fault in line


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"fr"', '"french"', "language: expected a language tag (BCP 47)"),
        ('"fr"', '"fr-XX"', "language: expected a known region after the language; got 'fr-XX'"),
        ('"fr"', '"und"', "language: expected a language tag"),
        ('"FR"', '"fr"', "country: expected a country code of two capitals"),
        ('"FR"', '"UK"', "country: expected a country code (ISO 3166-1); got 'UK', which is 'GB' there"),
        ('"FR"', '"QQ"', "country: expected a country code"),
        ('"Le Phare"', '" "', "name: expected one line of 1 to 500 characters"),
        ('"Le Phare"', "3", 'name: expected text in quotes, such as "…"; got 3'),
        ('name = "Le Phare"', "", "name: expected the outlet's name as readers know it; the key is missing"),
        ('name = "Le Phare"', 'name = "x"\nmode = "full"', "mode: unknown key here; it belongs"),
        ('name = "Le Phare"', 'name = "x"\nslug = "other"', "slug: expected 'phare', the file's name"),
        ('name = "Le Phare"', 'name = "x"\ncolour = "red"', "colour: unknown key; expected one of"),
        ('https://lephare.example/"', 'lephare.example"', "homepage: expected an address that starts with"),
        (SEEDS, "", "seeds: expected at least one [[seeds]] with kind and url; the key is missing"),
        (SEEDS, "seeds = []", "seeds: expected at least one; got []"),
        (SEEDS, "seeds = [3]", "seeds no. 1: expected a table"),
    ],
)  # fmt: skip
def test_wrong_value_at_the_top_is_named_with_what_was_expected(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    (line,) = faults(tmp_path, (HEAD + SEEDS).replace(old, new, 1))
    assert fault in line


@pytest.mark.parametrize("language", ["fr", "pt-BR", "zh-Hans", "zh-Hant-TW", "sr-Latn", "gsw", "nb", "fil"])
def test_language_tags_of_the_world_are_known(tmp_path: Path, language: str) -> None:
    text = (HEAD + SEEDS).replace('"fr"', f'"{language}"')
    assert outlets.read(card(tmp_path, text)).language == language


def test_all_faults_of_a_card_come_at_once(tmp_path: Path) -> None:
    text = HEAD.replace('"FR"', '"UK"').replace('"fr"', '"xx"') + SEEDS + "[rights]\nmode = 1\n[rule]\n"
    assert [line.split(":")[0] for line in faults(tmp_path, text)] == [
        "language",
        "country",
        "rights.mode",
        "rule",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"name = ", "expected valid TOML: "),
        (b"name = 1\nname = 2", "expected valid TOML: "),
        (b"name = '\xff'", "expected UTF-8 text; byte 8 is none"),
        (b"#" * 300_000, "expected a card of at most 256 KB"),
        (b"a = " + b"[" * 100_000, "expected valid TOML: "),
    ],
)
def test_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "phare.toml"
    path.write_bytes(content)
    with pytest.raises(CardError) as caught:
        outlets.read(path)
    assert str(caught.value).startswith(f"{path}: {fault}")


def test_card_in_the_working_directory_is_named_as_people_type_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    path = card(tmp_path / "data", "name = 3")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CardError, match=r"^data/phare\.toml: name: "):
        outlets.read(path)


def test_missing_card_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"nobody\.toml: cannot be read: No such file"):
        outlets.read(tmp_path / "nobody.toml")


def test_file_name_must_be_a_slug(tmp_path: Path) -> None:
    assert faults(tmp_path, HEAD + SEEDS, "Le Phare")[0].startswith("file name: expected up to 63 of a-z")


def test_folder_gives_outlets_in_the_order_of_their_slugs(tmp_path: Path) -> None:
    for slug in ("zebra", "apple"):
        card(tmp_path, HEAD + SEEDS, slug)
    (tmp_path / "README.md").write_text("not a card")
    (tmp_path / ".hidden.toml").write_text("not a card")
    assert list(outlets.load(tmp_path)) == ["apple", "zebra"]


def test_one_bad_card_does_not_stop_the_others(tmp_path: Path) -> None:
    card(tmp_path, HEAD + SEEDS, "good")
    card(tmp_path, "name = 3", "bad")
    card(tmp_path, "name = ", "worse")
    good, errors = outlets.load_good(tmp_path)
    assert list(good) == ["good"]
    assert [str(error).split(": ")[0] for error in errors] == [
        str(tmp_path / f"{n}.toml") for n in ("bad", "worse")
    ]
    with pytest.raises(CardError) as caught:
        outlets.load(tmp_path)
    assert str(caught.value) == "\n".join(map(str, errors))


def test_missing_folder_says_how_to_make_the_first_card(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="aggregator outlet new URL"):
        outlets.load(tmp_path / "outlets")


def test_write_makes_the_folder_and_leaves_nothing_beside_the_card(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "outlets"
    assert outlets.write(PLAIN, folder) == folder / "phare.toml"
    assert outlets.write(FULL, folder) == folder / "phare.toml"
    assert [path.name for path in folder.iterdir()] == ["phare.toml"]
    assert outlets.load(folder) == {"phare": FULL}


def test_write_that_fails_keeps_the_old_card(tmp_path: Path) -> None:
    (tmp_path / "phare.toml").mkdir()
    with pytest.raises(ConfigError, match=r"phare\.toml: cannot be written"):
        outlets.write(PLAIN, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["phare.toml"]


@given(st.text(min_size=1, max_size=100).filter(lambda text: text.strip() and text.isprintable()))
def test_any_printable_words_survive_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, words: str
) -> None:
    folder = tmp_path_factory.mktemp("cards")
    outlet = replace(PLAIN, name=words, rights=Rights(credit=words))
    assert outlets.read(outlets.write(outlet, folder)) == outlet


def keys() -> list[str]:
    parts = {"": Card}
    parts |= {key: shape for key in Card.model_fields if (shape := _shape(key)) is not None}
    return [key for shape in parts.values() for key in shape.model_fields]


def _shape(key: str) -> type[Card] | None:
    annotation = Card.model_fields[key].annotation
    inner = getattr(annotation, "__args__", [annotation])[0]
    return inner if hasattr(inner, "model_fields") else None


def test_every_key_of_a_card_stands_in_the_docs() -> None:
    text = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
    assert len(keys()) > 35
    assert [key for key in keys() if f"`{key}`" not in text] == []


def test_the_card_of_the_docs_is_a_good_one(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    assert outlets.read(card(tmp_path, example)).name == "Le Phare"


def test_the_folder_of_cards_in_the_repository_is_good() -> None:
    assert outlets.load(ROOT / "data" / "outlets") == {}
    assert len(outlets.load(ROOT / "data" / "demo" / "outlets")) == 6


def test_number_without_end_is_an_error_of_the_card(tmp_path: Path) -> None:
    (line,) = faults(tmp_path, "name = " + "9" * 5000)
    assert "expected valid TOML" in line


def test_wrong_slug_is_one_complaint(tmp_path: Path) -> None:
    (line,) = faults(tmp_path, 'slug = "B B"' + HEAD + SEEDS)
    assert "slug: expected 'phare'" in line


def test_name_may_hold_the_joiners_of_its_script(tmp_path: Path) -> None:
    outlet = replace(PLAIN, name="خبر می\u200cشود")
    assert outlets.read(card(tmp_path, outlets.dumps(outlet))) == outlet


def test_page_class_is_found_beside_the_card_and_written_back(tmp_path: Path) -> None:
    (tmp_path / "phare.py").touch()
    path = card(tmp_path, HEAD + SEEDS + "[rules]\npage_class = 'phare.py'")
    outlet = outlets.read(path)
    assert outlet.rules.page_class == str(tmp_path / "phare.py")
    assert outlets.read(card(tmp_path, outlets.dumps(outlet))) == outlet
    (tmp_path / "phare.py").unlink()
    [line] = faults(tmp_path, path.read_text())
    assert line.startswith(
        "rules.page_class: expected the path of a Python file, relative to the card; got /"
    )
