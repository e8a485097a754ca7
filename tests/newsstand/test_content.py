"""The demo's files: those that come with the program are whole, and wrong ones are named."""

from pathlib import Path

import pytest

from aggregator import project
from aggregator.errors import ConfigError
from aggregator.newsstand import content

DEMO = content.read(project.demo_data())
LEAST_ARTICLES = 48

OUTLET = """
name = "A"
language = "en"
country = "GB"
port = 0
style = "classic"
feed = "rss"
path = "/{slug}"
"""
ARTICLE = 'headline = "H"\nsection = "S"\nage_hours = 1.0\nbody = "B"\n'


def write(folder: Path, name: str, text: str) -> None:
    (folder / "a").mkdir(exist_ok=True)
    (folder / "a" / f"{name}.toml").write_text(text, encoding="utf-8")


def test_demo_holds_six_outlets_in_six_languages_and_enough_articles() -> None:
    assert len(DEMO.outlets) == 6
    assert {outlet.language for outlet in DEMO.outlets.values()} == {"ar", "de", "el", "en", "fr", "ja"}
    assert sum(len(articles) for articles in DEMO.articles.values()) >= LEAST_ARTICLES


def test_every_reference_of_the_demo_finds_its_article() -> None:
    for slug, articles in DEMO.articles.items():
        for article in articles.values():
            assert {line.article for line in article.read_also} <= articles.keys(), (slug, article.slug)
            assert article.agency is None or article.agency in DEMO.agency, (slug, article.slug)
            if article.republishes:
                assert article.republishes.article in DEMO.articles[article.republishes.outlet]


def test_every_correction_of_the_demo_changes_words_that_are_there() -> None:
    corrected = [a for articles in DEMO.articles.values() for a in articles.values() if a.correction]
    assert corrected
    for article in corrected:
        for one in article.correction.replace if article.correction else ():
            assert one.old in article.headline + article.dek + article.body, article.slug


def test_demo_has_what_the_real_web_has() -> None:
    everything = [a for articles in DEMO.articles.values() for a in articles.values()]
    assert sum(a.paywalled for a in everything) >= 2
    assert sum(a.agency is not None for a in everything) == 3
    assert sum(a.republishes is not None for a in everything) == 5
    assert any(a.withdrawn for a in everything)
    assert any(a.newsletter_after for a in everything)
    assert any(a.read_also for a in everything)


def test_ports_of_the_demo_differ() -> None:
    assert sorted(outlet.port for outlet in DEMO.outlets.values()) == list(range(8101, 8107))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("outlet", OUTLET + "colour = 1\n", "outlet.toml: colour"),
        ("outlet", OUTLET.replace("classic", "baroque"), "outlet.toml: style"),
        ("x", ARTICLE + "hedline = 1\n", "x.toml: hedline"),
        ("x", ARTICLE.replace('"B"', '""'), "needs headline and body"),
        ("x", ARTICLE + "[correction]\nafter_minutes = -1\nnote = 'n'\n", "correction.after_minutes"),
        ("x", "headline = \n", "x.toml: not valid TOML"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, name: str, text: str, expected: str) -> None:
    write(tmp_path, "outlet", OUTLET)
    write(tmp_path, name, text)
    with pytest.raises(ConfigError) as error:
        content.read(tmp_path)
    assert expected in str(error.value)


def test_an_empty_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no outlet here; expected <slug>/outlet\.toml"):
        content.read(tmp_path)
