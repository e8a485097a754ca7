"""Lists of outlets are read as far as they go, whoever wrote them."""

import pytest
from interchange.lists import opml, outline

from aggregator.errors import ListError
from aggregator.interchange import reading
from aggregator.interchange.listed import MOST_ENTRIES, End, Format, Listed, Refused
from aggregator.model.outlet import SeedKind

BOMB = '<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
ELSEWHERE = '<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def read(text: str | bytes) -> list[Listed | Refused]:
    return list(reading.read(text if isinstance(text, bytes) else text.encode(), "a list"))


def test_outlines_in_folders_are_read_with_their_lines() -> None:
    nested = f"<outline text='News'>\n{outline('http://a.example/rss', 'A', 'http://a.example/')}\n</outline>"
    assert read(opml([nested, outline("http://b.example/rss", "B")])) == [
        Listed(4, "http://a.example/rss", homepage="http://a.example/", name="A"),
        Listed(6, "http://b.example/rss", name="B"),
    ]


@pytest.mark.parametrize("prolog", [BOMB, ELSEWHERE])
def test_entities_that_are_a_bomb_or_lie_elsewhere_are_refused(prolog: str) -> None:
    with pytest.raises(ListError, match="entities"):
        read(opml([outline("http://a.example/rss", "&b;")], prolog))


def test_lines_are_those_of_the_file_behind_a_long_prolog() -> None:
    prolog = '\n<!DOCTYPE opml [\n<!ENTITY x "y">\n]>\n'
    assert [entry.line for entry in read(opml([outline("http://a.example/rss")], prolog))] == [7]


def test_list_that_breaks_off_gives_what_stands_before_the_break() -> None:
    whole = opml([outline("http://a.example/rss"), outline("http://b.example/rss")])
    found = read(whole[: whole.rindex(b"<outline") + 6])
    assert [type(entry) for entry in found] == [Listed, Refused]
    assert found[1] == Refused(4, End.XML, found[1].words)  # type: ignore[union-attr]


def test_bare_ampersands_names_of_html_and_missing_texts_are_no_hindrance() -> None:
    text = b"<opml><body><outline TYPE='rss' title='Caf&eacute; & Co' XMLURL='http://a.example/?a=1&b=2'/></body></opml>"
    assert read(text) == [Listed(1, "http://a.example/?a=1&b=2", name="Café & Co")]


@pytest.mark.parametrize("label", ["utf-16", "utf-8-sig", "windows-1252"])
def test_charsets_are_those_of_the_file(label: str) -> None:
    name = label.removesuffix("-sig")
    text = f"<?xml version='1.0' encoding='{name}'?><opml><outline xmlUrl='http://a.example/é'/></opml>"
    assert [entry.address for entry in read(text.encode(label)) if isinstance(entry, Listed)] == [
        "http://a.example/é"
    ]


@pytest.mark.parametrize(
    ("seed", "end"),
    [
        ("ftp://a.example/rss", End.ADDRESS),
        ("javascript:alert(1)", End.ADDRESS),
        ("/rss", End.ADDRESS),
        ("http://", End.ADDRESS),
        (" ", End.NO_ADDRESS),
    ],
)
def test_entry_without_an_address_is_named_with_its_line_and_the_rest_goes_on(seed: str, end: End) -> None:
    found = read(opml([outline(seed, "Wrong"), outline("feed://b.example/rss")]))
    assert isinstance(found[0], Refused)
    assert (found[0].line, found[0].end) == (3, end)
    assert found[1] == Listed(4, "http://b.example/rss")


@pytest.mark.parametrize("text", ["<html><body/></html>", "<rss/>", "<"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ListError, match="OPML"):
        read(text)


def test_addresses_a_line_are_feeds_sitemaps_or_home_pages_by_their_look() -> None:
    text = "# ours\n\nhttps://a.example/feed/\nb.example\r\nhttps://c.example/news-sitemap.xml\nno address\n"
    assert read(text) == [
        Listed(3, "https://a.example/feed/"),
        Listed(4, homepage="https://b.example"),
        Listed(5, "https://c.example/news-sitemap.xml", SeedKind.SITEMAP),
        Refused(6, End.ADDRESS, "expected an address that starts with http:// or https://; got 'no address'"),
    ]


@pytest.mark.parametrize("joint", [",", ";", "\t"])
def test_tables_are_read_by_the_names_of_their_columns(joint: str) -> None:
    head = joint.join(("\ufeffTitle", "URL", "Website", "Lang", "Country", "extra"))
    rows = [('"A, the; first"', "http://a.example/rss", "http://a.example/", "fr", "FR"), ("B", "b.example")]
    text = "\n".join([head, *(joint.join(row) for row in rows), ""])
    assert reading.format_of(text.encode()) is Format.CSV
    assert read(text) == [
        Listed(2, "http://a.example/rss", SeedKind.FEED, "http://a.example/", "A, the; first", "fr", "FR"),
        Listed(3, homepage="https://b.example", name="B"),
    ]


def test_rows_behind_a_cell_of_several_lines_keep_their_numbers() -> None:
    found = read('name,seed\n"A\nB",http://a.example/rss\nC,ftp://c.example\n')
    assert [entry.line for entry in found] == [2, 4]


def test_no_more_entries_are_taken_than_a_list_may_have() -> None:
    found = read("\n".join(f"https://a{number}.example/" for number in range(MOST_ENTRIES + 5)))
    assert len(found) == MOST_ENTRIES + 1
    assert isinstance(found[-1], Refused)
    assert found[-1].end is End.TOO_MANY
