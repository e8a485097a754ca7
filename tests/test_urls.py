from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cli.pairs import Pair, PairsError, read
from aggregator.urls import absolute, canonical_url, form, host, is_same_site, is_web, site, url_key


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM:80/A?b=2&a=1#top", "http://example.com/A?a=1&b=2"),
        ("https://example.com/x?utm_source=feed&id=7&fbclid=z", "https://example.com/x?id=7"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com/caf%c3%a9", "https://example.com/caf%C3%A9"),
        ("http://b\u00fccher.example/", "http://xn--bcher-kva.example/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://user:secret@example.com/", "http://example.com/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_canonical_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.com/a/", "https://example.com/a"),
        ("https://m.example.com/a", "https://example.com/a?utm_medium=rss"),
        ("https://example.com/a/index.html", "https://example.com/a/"),
    ],
)
def test_addresses_of_one_page_share_a_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a?id=1", "https://example.com/a?id=2"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com:8443/a", "https://example.com/a"),
        ("https://news.example.com/a", "https://example.com/a"),
    ],
)
def test_addresses_of_other_pages_do_not(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "url", ["", "/a", "ftp://x/", "http://", "http://[", "http://x:99999/", "https://x/" + "a" * 3000]
)
def test_what_is_no_web_address(url: str) -> None:
    assert not is_web(url)


@given(st.text())
def test_any_string_has_a_canonical_form_that_stays(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert len(url_key(url)) == 32
    assert host(url) == host(url).lower()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.org/a", "example.org"),
        ("http://amp.Example.org:80/", "example.org"),
        ("https://user:word@m.example.org:8443/a", "example.org:8443"),
        ("http://127.0.0.1:8102/a", "127.0.0.1:8102"),
        ("https://www.org/", "www.org"),
        ("javascript:alert(1)", ""),
        ("/relative", ""),
    ],
)
def test_a_site_is_host_and_port_without_what_only_serves_its_pages(url: str, name: str) -> None:
    assert site(url) == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/", "http://www.example.org/a", True),
        ("https://blog.example.org/", "https://example.org/", True),
        ("https://example.org/", "https://blog.example.org/", True),
        ("https://notexample.org/", "https://example.org/", False),
        ("http://127.0.0.1:1/", "http://127.0.0.1:2/", False),
        ("", "", False),
    ],
)
def test_hosts_below_one_domain_are_one_site(one: str, other: str, *, same: bool) -> None:
    assert is_same_site(one, other) is same


def test_an_address_that_cannot_be_parsed_has_a_key_of_its_own() -> None:
    keys = {url_key(url) for url in ("http://[::1/a", "http://[::1/b", "http://[bad]/", "")}
    assert len(keys) == 4
    assert all(len(key) == 32 for key in keys)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (" /a\n/b ", "https://example.org/a/b"),
        ("https://other.example/a b", "https://other.example/a%20b"),
        ('https://other.example/\u202ex"<b>\x07', "https://other.example/%E2%80%AEx%22%3Cb%3E%07"),
        ("https://other.example/é/港", "https://other.example/é/港"),
        ("javascript:alert(1)", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_a_link_becomes_an_address_without_what_no_address_holds(link: str, url: str | None) -> None:
    assert absolute("https://example.org/x", link) == url


OWN = Path(__file__).with_name("url_pairs.tsv")


@pytest.mark.parametrize("pair", list(read(OWN)), ids=lambda pair: pair.case.replace(" ", "-"))
def test_pairs_are_told_apart_or_one(pair: Pair) -> None:
    assert (pair.one.identity == pair.other.identity) is pair.is_same


def test_recorded_pairs_are_all_right(shared: Path) -> None:
    pairs = list(read(shared / "dedupe" / "url_cases.tsv"))
    assert [pair.case for pair in pairs if not pair.is_right] == []
    assert len(pairs) == 37


def test_every_change_has_its_reason() -> None:
    found = form(
        "http://user@m.news.example:80/amp/ferry?utm_source=x&sid=0123456789abcdef0&view=print&b=#top"
    )
    assert [change.rule for change in found.changes] == [
        "host", "tracking", "session", "order", "fragment", "site", "amp", "blank", "view",
    ]  # fmt: skip
    assert found.url == "http://m.news.example/amp/ferry?b=&view=print"


@given(st.text())
def test_identity_of_the_canonical_form_is_the_same(url: str) -> None:
    assert url_key(canonical_url(url)) == url_key(url)


@given(st.text(alphabet="/.%?&=#;:@abAB2 \u00e9\u0301\u65b0", max_size=40))
def test_any_web_address_has_a_canonical_form_that_stays(tail: str) -> None:
    url = f"https://news.example/{tail}"
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert url_key(once) == url_key(url)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("url_a\turl_b\n", "line 1: no column same"),
        ("url_a\turl_b\tsame\nhttps://a.example\n", "line 2: two addresses and yes or no"),
        ("url_a\turl_b\tsame\nhttps://a.example\thttps://b.example\tperhaps\n", "line 2"),
    ],
)
def test_a_file_that_holds_no_pairs_says_so(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "pairs.tsv").write_text(text)
    with pytest.raises(PairsError, match=words):
        list(read(tmp_path / "pairs.tsv"))
    with pytest.raises(PairsError, match=r"none\.tsv: cannot be read"):
        list(read(tmp_path / "none.tsv"))


def test_escapes_in_pairs_are_what_they_stand_for(tmp_path: Path) -> None:
    (tmp_path / "p.tsv").write_text(
        "url_a\turl_b\tsame\nhttps://a.example/x\\n\thttps://a.example/x\tyes\n\n"
        "https://a.example/?x=\\\\n\thttps://a.example/?x=%5Cn\tyes\n"
    )
    assert [pair.is_right for pair in read(tmp_path / "p.tsv")] == [True, True]
