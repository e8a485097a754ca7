"""An extraction explained as a page of HTML."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from browsing import Witness, browser, witness
from cli.explained import ARABIC, FERRY, HOSTILE, URL, explained, write
from lxml import html as lxml_html

from aggregator.cli.explanation_page import explanation_page

__all__ = ["browser", "witness"]


def parsed(html: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(explanation_page(explained(html)))


def words(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_kept_and_cut_stand_in_the_pages_order_with_their_reasons() -> None:
    rows = [words(row) for row in parsed(FERRY).cssselect(".rows > li")]
    starts = [
        "Ferry stays at the pier cut: the headline once more headline",
        "By Jane Roe cut: the authors' names",
        "paragraph",
        "paragraph",
        "Read also: Gulls learn to count in Port Wrenley cut: a hint at another article phrase/read_also",
        "heading 2",
        "paragraph",
        "list item",
        "quote",
        "Share on Facebook cut: a button to share phrase/share",
    ]
    assert [row[: len(start)] for row, start in zip(rows, starts, strict=True)] == starts


def test_a_cut_inside_a_paragraph_is_marked_there() -> None:
    [gone] = parsed(FERRY).cssselect(".kept del")
    assert words(gone) == "Read also: Gulls have learned to open lunch boxes"
    assert words(gone.getparent()).endswith("as well.")
    assert "flattened/read_also" in words(gone.xpath("ancestor::li")[0].cssselect(".note")[0])


def test_the_legend_counts_each_rule_and_the_bar_holds_all_text() -> None:
    page = parsed(FERRY)
    legend = [words(line) for line in page.cssselect(".legend li")]
    assert "1 a hint at another article phrase/read_also, 47 characters" in legend
    assert len(legend) == 5
    widths = [float(part.get("width")) for part in page.cssselect(".bar rect")]
    assert sum(widths) == pytest.approx(1000, abs=0.1)


@pytest.mark.parametrize("html", [FERRY, ARABIC, HOSTILE])
def test_the_page_is_whole_in_itself_and_its_policy_allows_its_own_style_alone(html: str) -> None:
    text = explanation_page(explained(html))
    page = lxml_html.document_fromstring(text)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert (
        page.xpath("//script | //img | //iframe | //link | //*[@style] | //@*[starts-with(name(), 'on')]")
        == []
    )
    assert page.xpath("//a/@href") == [URL]


def test_hostile_text_is_only_text() -> None:
    text = explanation_page(explained(HOSTILE))
    assert "&lt;script&gt;alert(1)" in text
    assert "{{ 7 * 7 }}" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_an_address_that_is_none_of_the_webs_is_no_link() -> None:
    page = explanation_page(explained(FERRY.replace('rel="canonical"', ""), url="file:///tmp/page.html"))
    assert lxml_html.document_fromstring(page).xpath("//a") == []


@pytest.mark.browser
@pytest.mark.parametrize("html", [FERRY, ARABIC, HOSTILE], ids=["english", "arabic", "hostile"])
def test_a_browser_shows_it_without_a_word_and_within_the_screen(
    tmp_path: Path, witness: Witness, html: str
) -> None:
    path = write(tmp_path, explanation_page(explained(html)), "why.html")
    witness.page.goto(path.as_uri())
    witness.page.locator("summary").first.click()
    sizes = witness.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert sizes[0] <= sizes[1]
    assert witness.console == []
    assert witness.hosts == {""}
    assert witness.page.locator(".bar").evaluate("bar => getComputedStyle(bar).height") == "12px"


@pytest.mark.browser
def test_arabic_text_starts_at_the_right(tmp_path: Path, witness: Witness) -> None:
    witness.page.goto(write(tmp_path, explanation_page(explained(ARABIC)), "why.html").as_uri())
    for part in ("h1", ".kept .text", ".cut .text"):
        assert witness.page.locator(part).first.evaluate("one => getComputedStyle(one).direction") == "rtl"
