"""The store that the site's benchmark fills is one that the program could have made."""

from collections.abc import Iterator

import pytest
from benched import benchmark
from sqlalchemy import text

from aggregator.store import search, volumes
from aggregator.store.engine import Database
from aggregator.store.front import front
from aggregator.store.volumes import Scope

ARTICLES = 600


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("filled") / "site.sqlite3"
    benchmark("sites.filling").fill(path, ARTICLES)
    db = Database.open(f"sqlite:///{path}")
    yield db
    db.close()


def test_what_is_out_is_found_everywhere(filled: Database) -> None:
    assert filled.integrity() == "ok"
    assert search.index_pending(filled) == 0
    with filled.reading() as session:
        published, some = session.execute(
            text("SELECT count(*), max(headline) FROM publication WHERE state = 'published'")
        ).one()
        indexed = session.execute(text("SELECT count(*) FROM search_index")).scalar_one()
    shown, cursor = 0, None
    while True:
        page = front(filled, limit=100, before=cursor)
        shown, cursor = shown + len(page.items), page.next
        if cursor is None:
            break
    assert ARTICLES / 2 < published == shown == indexed < ARTICLES
    word = some.split()[0]
    hits = [each.publication.headline for each in search.search(filled, word, limit=20).hits]
    assert any(word.casefold() in each.casefold() for each in hits)
    current = volumes.volume(filled, Scope())
    assert current is not None
    assert current.bound == max(0, published - 50) // 50 or current.withdrawn
