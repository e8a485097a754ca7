"""Ten thousand entries read back through a feed's documents, each once, in order."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree
from published import CARDS
from reading import Reader, site_over

from aggregator.store import outlets
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRevisionRow, ArticleRow, EditionRow, PublicationRow
from aggregator.store.statements import insert_rows

ENTRIES = 10_000
START = datetime(2026, 1, 1, tzinfo=UTC)
A = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}
LARGEST_BYTES = 200_000


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Iterator[Reader]:
    """A site with ten thousand publications, forty an edition."""
    path: Path = tmp_path_factory.mktemp("library") / "library.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    outlets.sync(db, CARDS)
    with db.session() as session:
        insert_rows(
            session, EditionRow, [{"id": 1, "closed_at": START, "article_count": 0, "refused_count": 0}]
        )
        numbers = range(1, ENTRIES + 1)
        insert_rows(session, ArticleRow, [article(number) for number in numbers])
        insert_rows(session, ArticleRevisionRow, [revision(number) for number in numbers])
        insert_rows(session, PublicationRow, [publication(number) for number in numbers])
    with site_over(db) as reader:
        yield reader
    db.close()


def article(number: int) -> dict[str, object]:
    url = f"https://harbour.example/{number}"
    values = {"outlet": "harbour", "url": url, "canonical_url": url, "source_link": url}
    return values | {
        "id": number, "url_key": f"{number:032x}", "revision": 1, "byline": ["Ann Ray"], "tags": [],
        "agency": [], "completeness": "full", "robots": [], "fetched_at": START, "stored_at": START,
        "awaits_publishing": False,
    }  # fmt: skip


def revision(number: int) -> dict[str, object]:
    values = {"article_id": number, "number": 1, "headline": f"Tide {number}", "text_chars": 4}
    return values | {"stored_at": START, "blocks": [["paragraph", 0, "Text"]]}


def publication(number: int) -> dict[str, object]:
    at = START + timedelta(minutes=number // 40)
    return {
        "article_id": number, "edition_id": 1, "state": "published", "mode": "full", "outlet": "harbour",
        "language": "en", "headline": f"Tide {number}", "credit": "The Harbour", "reasons": [], "revision": 1,
        "dated_at": at, "published_at": at, "updated_at": at, "changed_at": at, "awaits_indexing": False,
        "blocks": [["paragraph", 0, "Text"]],
    }  # fmt: skip


def of_atom(body: bytes) -> tuple[list[str], str | None]:
    root = etree.fromstring(body)
    older = root.xpath("a:link[@rel='prev-archive']/@href", namespaces=A)
    assert older == root.xpath("a:link[@rel='next']/@href", namespaces=A)
    return root.xpath("a:entry/a:id/text()", namespaces=A), older[0] if older else None


def of_rss(body: bytes) -> tuple[list[str], str | None]:
    root = etree.fromstring(body)
    older = root.xpath("channel/a:link[@rel='next']/@href", namespaces=A)
    return root.xpath("channel/item/guid/text()"), older[0] if older else None


def of_json(body: bytes) -> tuple[list[str], str | None]:
    feed = json.loads(body)
    return [item["id"] for item in feed["items"]], feed.get("next_url")


@pytest.mark.parametrize(("kind", "parts"), [("atom", of_atom), ("rss", of_rss), ("json", of_json)])
def test_ten_thousand_entries_come_each_once_in_order(
    library: Reader, kind: str, parts: Callable[[bytes], tuple[list[str], str | None]]
) -> None:
    found, documents, largest = [], 0, 0
    older: str | None = f"{library.base}/feed.{kind}"
    while older:
        answer = library.get(older.removeprefix(library.base))
        assert answer.status == 200
        ids, older = parts(answer.body)
        found += ids
        documents, largest = documents + 1, max(largest, len(answer.body))
    numbers = [int(each.rpartition("/")[2]) for each in found]
    assert numbers == list(range(ENTRIES, 0, -1))
    assert documents == ENTRIES // 50
    assert largest < LARGEST_BYTES


def test_the_documents_of_a_feed_lead_to_one_another(library: Reader) -> None:
    newest, middle, oldest = (
        links(library, path) for path in ("/feed.atom", "/feed.atom?volume=7", "/feed.atom?volume=1")
    )
    base = f"{library.base}/feed.atom"
    ends = {"first": base, "last": f"{base}?volume=1"}
    assert newest == ends | {"next": f"{base}?volume=199", "prev-archive": f"{base}?volume=199"}
    assert middle == ends | {
        "next": f"{base}?volume=6",
        "prev-archive": f"{base}?volume=6",
        "previous": f"{base}?volume=8",
        "next-archive": f"{base}?volume=8",
        "current": base,
    }
    assert oldest == ends | {
        "previous": f"{base}?volume=2",
        "next-archive": f"{base}?volume=2",
        "current": base,
    }


def links(reader: Reader, path: str) -> dict[str, str]:
    root = etree.fromstring(reader.get(path).body)
    assert bool(root.findall("fh:archive", A)) == ("volume" in path)
    found = {each.get("rel"): each.get("href") for each in root.findall("a:link", A)}
    return {rel: href for rel, href in found.items() if rel not in {"self", "alternate"}}


@pytest.mark.parametrize("volume", ["0", "200", "-1", "x", "1.5", "%D9%A3", "99999999999999999999"])
def test_a_document_that_a_feed_does_not_have_is_not_found(library: Reader, volume: str) -> None:
    assert library.get(f"/feed.atom?volume={volume}").status == 404


def test_an_archive_is_answered_by_304(library: Reader) -> None:
    tag = library.get("/feed.rss?volume=3").headers["etag"]
    assert library.get("/feed.rss?volume=3", If_None_Match=tag).status == 304
    assert library.get("/feed.rss?volume=4", If_None_Match=tag).status == 200
