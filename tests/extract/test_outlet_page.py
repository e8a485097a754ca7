"""Page classes: what an outlet's own code says of its pages, layouts by day, and how it fails."""

import os
from pathlib import Path

import pytest
from handmade import SENTENCES, article_html, make_page

from aggregator.errors import CardError
from aggregator.extract.outlet_page import PageClassError
from aggregator.extract.page import extract
from aggregator.extract.pool import ExtractorPool
from aggregator.model.article import Article
from aggregator.model.crawl import Reason
from aggregator.model.outlet import Rules

HEAD = """
from datetime import date

from aggregator.extract.outlet_page import OutletPage

"""
CLASSES = (
    HEAD
    + """
class Harbour(OutletPage):
    def headline(self):
        return self.texts("h1")[0].upper()

    def byline(self):
        return [name.removesuffix(" (desk)") for name in self.texts(".who")]

    def cuts(self):
        return [box for box in self.select("section") if "ferry" in box.text_content()]


class Before2023(OutletPage):
    until = date(2022, 12, 31)

    def within(self):
        return self.select("div.old")


class Before2020(Harbour):
    until = date(2019, 12, 31)

    def headline(self):
        return None

    def published(self):
        return ["soon", "2019-03-04T05:06:00Z"]
"""
)
BOX = (
    "<section><p>Our ferry timetable for the coming winter months can be had at every kiosk on the quay,"
    " and from the captain herself, who has a boxful.</p></section>"
)
BEFORE = "<p class='who'>Ada Quay (desk)</p>"
DATED = "<meta property='article:published_time' content='{}'>"


def rules(tmp_path: Path, code: str = CLASSES, **more: tuple[str, ...]) -> Rules:
    file = tmp_path / "harbour.py"
    file.write_text(code, encoding="utf-8")
    return Rules(page_class=str(file), **more)  # type: ignore[arg-type]


def origins(article: Article) -> dict[str, str]:
    return {origin.field: origin.source for origin in article.origins}


def test_methods_override_the_card_and_what_they_do_not_find_is_extracted_as_usual(tmp_path: Path) -> None:
    html = article_html(before=BEFORE, after=BOX)
    card = rules(tmp_path, byline=(".nobody",), published=("h1",), cuts=(".who",))
    article = extract(make_page(html), card)
    assert (article.headline, article.byline) == ("BRIDGE OPENS", ("Ada Quay",))
    assert article.body.split("\n") == list(SENTENCES)
    assert (origins(article)["headline"], origins(article)["byline"]) == ("class:headline", "class:byline")
    assert {cut.rule for cut in article.cuts} >= {"class/cuts", "card/.who"}


@pytest.mark.parametrize(
    ("published", "headline", "source"),
    [
        ("2023-01-01", "BRIDGE OPENS", "trafilatura"),
        ("2022-12-31", "Bridge opens", "trafilatura in class:within"),
        ("2020-01-01", "Bridge opens", "trafilatura in class:within"),
        ("2019-12-31", "Bridge opens", "trafilatura"),
        (None, "BRIDGE OPENS", "trafilatura"),
    ],
)
def test_class_is_that_of_the_day_of_publication(
    tmp_path: Path, published: str | None, headline: str, source: str
) -> None:
    head = DATED.format(published) if published else ""
    html = article_html(head, before=BEFORE).replace("<article>", "<article><div class='old'>")
    article = extract(make_page(html), rules(tmp_path))
    assert (article.headline, origins(article)["blocks"]) == (headline, source)


def test_inherited_methods_are_the_outlets_own(tmp_path: Path) -> None:
    html = article_html(DATED.format("2019-03-04"), before=BEFORE)
    article = extract(make_page(html), rules(tmp_path))
    assert article.byline == ("Ada Quay",)
    assert origins(article)["published"] == "class:published"


@pytest.mark.parametrize("name", ["body", "within"])
def test_class_that_loses_the_text_is_not_followed(tmp_path: Path, name: str) -> None:
    code = f"{HEAD}\nclass Harbour(OutletPage):\n    def {name}(self):\n        return self.select('nav')\n"
    article = extract(make_page(article_html()), rules(tmp_path, code))
    assert article.body.split("\n") == list(SENTENCES)
    assert origins(article)["blocks"].startswith("trafilatura (not followed: class:Harbour leaves ")


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("def headline(self): return {}['h1']", "Harbour.headline(): KeyError: 'h1'"),
        ("def headline(self): return 3", "Harbour.headline(): TypeError"),
        ("def byline(self): return [self.tree]", "Harbour.byline(): expected str; got HtmlElement"),
        ("def body(self): return 'text'", "Harbour.body(): expected HtmlElement; got str"),
        ("def cuts(self): raise RecursionError('deep')", "Harbour.cuts(): RecursionError: deep"),
    ],
)
def test_method_that_fails_ends_its_page_by_name(tmp_path: Path, method: str, words: str) -> None:
    card = rules(tmp_path, f"{HEAD}\nclass Harbour(OutletPage):\n    {method}\n")
    with pytest.raises(PageClassError) as caught:
        extract(make_page(article_html()), card)
    assert f"harbour.py: {words}" in str(caught.value)
    assert caught.value.reason is Reason.FAILED_EXTRACT


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "got none"),
        (HEAD, "got none"),
        ("class Harbour: ...", "got none"),
        (f"{HEAD}\nclass A(OutletPage): ...\nclass B(OutletPage): ...\n", "got A, B"),
        ("import gone_fishing", "cannot be run: ModuleNotFoundError"),
        ("class :", "cannot be run: SyntaxError"),
        ("raise SystemExit", "cannot be run: SystemExit"),
    ],
)
def test_wrong_file_is_the_cards_error(tmp_path: Path, code: str, words: str) -> None:
    with pytest.raises(CardError) as caught:
        extract(make_page(article_html()), rules(tmp_path, code))
    assert "harbour.py: " in str(caught.value)
    assert words in str(caught.value)


def test_workers_read_a_class_anew_when_its_file_changes(tmp_path: Path) -> None:
    page = make_page(article_html(before=BEFORE))
    with ExtractorPool(1, 20.0) as pool:
        assert pool.submit(page, rules(tmp_path)).result(timeout=60).headline == "BRIDGE OPENS"
        changed = rules(tmp_path, CLASSES.replace("upper", "lower"))
        os.utime(tmp_path / "harbour.py", ns=(1, 1))
        assert pool.submit(page, changed).result(timeout=60).headline == "bridge opens"
        (tmp_path / "harbour.py").unlink()
        with pytest.raises(CardError, match=r"harbour\.py: cannot be read"):
            pool.submit(page, changed).result(timeout=60)
