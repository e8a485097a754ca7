"""The interface in the reader's language: catalogs, negotiation, settings."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from lxml import html
from published import CARDS, article, publish
from reading import Reader

from aggregator.model.outlet import RightsMode
from aggregator.site import wording
from aggregator.site.reader import ANYBODY, LONGEST_COOKIE_CHARS, MOST_CHOSEN, Size, negotiated, of_cookie
from aggregator.store import outlets

SITE = Path(wording.__file__).parent
CATALOGS = sorted((SITE / "locale").glob("*.po"))
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "later": None}
HOLE = re.compile(r"%\(\w+\)s|</?\w+[^>]*>")


def tree(text: str) -> html.HtmlElement:
    return html.fromstring(text)


@pytest.fixture(scope="module")
def messages() -> set[str | tuple[str, ...]]:
    """Every message of the site's sources."""
    with (SITE / "locale" / "babel.cfg").open() as config:
        method_map, options_map = parse_mapping_cfg(config)
    found = extract_from_dir(SITE, method_map=method_map, options_map=options_map, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found}


def read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.stem)


def test_the_interface_speaks_eight_languages_and_more() -> None:
    assert {"en", "fr", "de", "es", "ar", "zh", "ja"} < set(wording.locales())
    assert len(wording.locales()) >= 8


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.stem)
def test_a_catalog_translates_every_message_and_no_other(
    path: Path, messages: set[str | tuple[str, ...]]
) -> None:
    catalog = read(path)
    known = {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalog}
    assert known - {""} == messages
    for message in catalog:
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(forms), message.id
        assert not message.fuzzy, message.id
    assert catalog.num_plurals == len(next(message.string for message in catalog if message.pluralizable))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.stem)
def test_a_translation_keeps_the_holes_and_the_markup_of_its_message(path: Path) -> None:
    for message in read(path):
        if not message.id:
            continue
        several = not isinstance(message.id, str)
        wanted = sorted(HOLE.findall(message.id[-1] if several else message.id))
        for form in message.string if several else [message.string]:
            found = sorted(HOLE.findall(form))
            # A form for one or two things may say the number in words.
            assert found == wanted or (several and set(found) <= set(wanted)), (message.id, form)
            assert "%" not in HOLE.sub("", form), (message.id, form)


@pytest.mark.parametrize(
    ("accept", "spoken"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,en;q=0.8", "fr"),
        ("zh-TW", "zh"),
        ("tlh, de;q=0.5, fr;q=0.7", "fr"),
        ("de;q=0, es;q=0.1", "es"),
        ("*", "en"),
        ("x" * 9000, "en"),
        (";;;q=1,,ar;q=x", "ar"),
    ],
)
def test_the_browsers_languages_choose_the_interface(accept: str, spoken: str) -> None:
    assert negotiated(accept) == spoken


@pytest.mark.parametrize("locale", [path.stem for path in CATALOGS])
def test_every_page_speaks_the_readers_language(news: Reader, locale: str) -> None:
    direction = "rtl" if locale == "ar" else "ltr"
    article_page = news.get(news.address("The ferry stays at the pier")).headers["location"]
    pages = (
        "/",
        "/outlets",
        "/outlet/harbour",
        "/archive",
        "/search?q=ferry",
        "/about",
        "/takedown",
        "/settings",
    )
    for path in (*pages, article_page):
        answer = news.get(path, Accept_Language=locale)
        page = tree(answer.text)
        assert (page.get("lang"), page.get("dir")) == (locale, direction), path
        assert answer.headers["vary"].startswith("Accept-Language, Cookie"), path
        assert "Search all articles" not in answer.text, path


def test_a_page_in_another_language_is_another_version(news: Reader) -> None:
    english = news.get("/about").text
    assert news.get("/about", Accept_Language="fr").text != english
    kept = news.get("/", Accept_Language="fr").headers["etag"]
    assert news.get("/", Accept_Language="fr", If_None_Match=kept).status == 304
    assert news.get("/", Accept_Language="de", If_None_Match=kept).status == 200


def test_an_articles_own_words_stay_in_its_language(news: Reader) -> None:
    moved = news.get(news.address("The ferry stays at the pier")).headers["location"]
    page = tree(news.get(moved, Accept_Language="ar").text)
    assert page.get("dir") == "rtl"
    headline = page.cssselect("h1")[0]
    assert (headline.get("lang"), headline.get("dir")) == ("en", "ltr")
    assert page.cssselect(".text")[0].get("dir") == "ltr"


def save(reader: Reader, fields: dict[str, str]) -> str:
    """Save settings as a browser does; the cookie that it keeps."""
    answer = reader.post("/settings", fields)
    assert (answer.status, answer.headers["location"]) == (303, "/settings?saved")
    return answer.headers["set-cookie"].split(";")[0]


def test_settings_are_kept_in_a_cookie_and_followed(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    for number, outlet in enumerate(("harbour", "mina", "synopsis"), start=1):
        publish(own.db, RightsMode.FULL, article(outlet, number, f"News of {outlet}", text=f"{outlet} " * 40))
    cookie = save(own, {"interface": "fr", "languages": "en", "hidden": "synopsis", "size": "large"})
    page = tree(own.get("/", Cookie=cookie, Accept_Language="de").text)
    assert (page.get("lang"), page.get("class")) == ("fr", "large")
    assert [each.text_content() for each in page.cssselect(".headline")] == ["News of harbour"]
    form = tree(own.get("/settings", Cookie=cookie).text)
    assert [each.get("value") for each in form.cssselect("[selected], [checked]")] == [
        "fr", "large", "en", "synopsis",
    ]  # fmt: skip
    everything = tree(own.get("/").text)
    assert len(everything.cssselect(".headline")) == 3
    assert len(tree(own.get("/outlet/synopsis", Cookie=cookie).text).cssselect(".headline")) == 1


def test_settings_can_be_forgotten(own: Reader) -> None:
    answer = own.post("/settings", {"forget": "yes", "interface": "fr"})
    assert 'reader=""' in answer.headers["set-cookie"]
    assert (
        "expires=Thu, 01 Jan 1970" in answer.headers["set-cookie"]
        or "Max-Age=0" in answer.headers["set-cookie"]
    )


def test_settings_from_another_site_are_not_kept(own: Reader) -> None:
    answer = own.post("/settings", {"interface": "fr"}, Origin="https://elsewhere.example")
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


def test_more_than_a_browser_keeps_is_told(own: Reader) -> None:
    many = " ".join(f"{'outlet' * 10}-{number}" for number in range(60))
    answer = own.post("/settings", {"hidden": many})
    assert answer.status == 400
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "interface=tlh&size=huge",
        "languages=<script>&hidden=../../etc",
        "=" * 300,
        "&" * 5000,
        "hidden=" + "a" * LONGEST_COOKIE_CHARS,
        "%ff%fe=%00",
    ],
)
def test_a_cookie_that_we_did_not_write_means_nothing(value: str, news: Reader) -> None:
    assert of_cookie(value) == ANYBODY
    assert news.get("/", Cookie=f"reader={value}").status == 200


def test_a_cookie_reads_back_as_it_was_written() -> None:
    reader = of_cookie("interface=de&languages=fr+de&hidden=b.c+a&size=largest")
    assert (reader.interface, reader.languages, reader.hidden) == ("de", ("de", "fr"), ("a", "b.c"))
    assert reader.size is Size.LARGEST
    assert of_cookie(reader.cookie) == reader
    many = of_cookie("hidden=" + "+".join(f"o{number}" for number in range(200)))
    assert len(many.hidden) == MOST_CHOSEN
