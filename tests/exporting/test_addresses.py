"""Addresses of the exported site: one file for each page, whatever stands in its address."""

import pytest

from aggregator.exporting.addresses import ExportedLinks, exported, file_of


@pytest.mark.parametrize(
    ("running", "address", "file"),
    [
        ("/", "/", "index.html"),
        ("/about", "/about/", "about/index.html"),
        ("/language/fr", "/language/fr/", "language/fr/index.html"),
        (
            "/language/fr?before=MjAyNg",
            "/language/fr/before/MjAyNg/",
            "language/fr/before/MjAyNg/index.html",
        ),
        ("/feed.atom", "/feed.atom", "feed.atom"),
        ("/feed.rss?language=fr&volume=2", "/language/fr/volume/2/feed.rss", "language/fr/volume/2/feed.rss"),
        ("/outlet/a.json", "/outlet/a.json/", "outlet/a.json/index.html"),
        ("/outlet/a.json/feed.json", "/outlet/a.json/feed.json", "outlet/a.json/feed.json"),
        ("/outlet/a?before=x", "/outlet/a/before/x/", "outlet/a/before/x/index.html"),
        ("/topic/k%C3%BCste", "/topic/k%C3%BCste/", "topic/küste/index.html"),
        ("/static/site.css", "/static/site.css", "static/site.css"),
        ("/archive/2026-03-01", "/archive/2026-03-01/", "archive/2026-03-01/index.html"),
    ],
)
def test_a_page_is_a_folder_and_a_feed_a_file(running: str, address: str, file: str) -> None:
    assert exported(running) == address
    assert file_of(address) == file


def test_a_long_name_fits_a_file_system_and_stays_apart() -> None:
    names = {file_of(exported(f"/topic/{'%F0%A0%80%80' * 79}{end}")) for end in ("a", "b")}
    assert len(names) == 2
    assert all(len(part.encode()) <= 255 for name in names for part in name.split("/"))


@pytest.mark.parametrize("address", ["/../etc/", "/topic/%2e%2e/", "/topic/%2Fetc/", "//", "/a//b", "/%00/"])
def test_no_address_leads_out_of_the_folder(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        file_of(address)


def test_links_begin_with_the_path_of_the_site_and_are_remembered_without_it() -> None:
    links = ExportedLinks("https://news.example/daily/")
    assert links.front(language="fr") == "/daily/language/fr/"
    assert links.absolute(links.topic("coast")) == "https://news.example/daily/topic/coast/"
    assert links.asked == {"/language/fr/": "/language/fr", "/topic/coast/": "/topic/coast"}
    assert list(links.waiting) == ["/language/fr/", "/topic/coast/"]
