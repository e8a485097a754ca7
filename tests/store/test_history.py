"""Revisions in the store: each with its kinds, every version kept, boilerplate none."""

from dataclasses import replace
from datetime import timedelta

from store.samples import NOON, article, body, lines, page

from aggregator.model.crawl import Reason
from aggregator.model.revision import ChangeKind
from aggregator.store import articles
from aggregator.store.engine import Database
from aggregator.store.history import history

FIRST = f"{body(1)}\nIt will cost two million crowns and open in May."


def test_each_revision_tells_what_it_changed_and_every_version_is_kept(db: Database) -> None:
    texts = [
        FIRST,
        FIRST.replace("two million", "three million"),
        FIRST.replace("two million", "three million")
        + "\nCorrection: An earlier version of this article gave a wrong cost.",
    ]
    saved = [articles.save(db, None, [page(article(blocks=lines(text)))])[0] for text in texts]
    assert saved == [Reason.STORED, Reason.REVISION, Reason.REVISION]
    found = history(db, 1)
    assert [each.number for each in found] == [1, 2, 3]
    assert ["\n".join(block.text for block in each.version.blocks) for each in found] == texts
    assert found[0].change is None
    assert found[1].change is not None
    assert found[1].change.kinds == (ChangeKind.FIGURE,)
    assert (found[1].change.added, found[1].change.removed, found[1].change.changed) == (0, 0, 1)
    assert found[2].change is not None
    assert found[2].change.kind is ChangeKind.CORRECTION


def test_a_change_of_furniture_alone_is_no_revision(db: Database) -> None:
    def save(line: str) -> Reason:
        return articles.save(db, None, [page(article(blocks=lines(f"{FIRST}\n{line}")))])[0]

    assert save("Read also: Ferries stay in port") is Reason.STORED
    assert save("Read also: A whale in the marina") is Reason.UNCHANGED
    assert len(history(db, 1)) == 1
    assert articles.save(db, None, [page(article(blocks=lines(FIRST), headline="No pier"))]) == [
        Reason.REVISION
    ]


def test_a_changed_headline_is_no_new_article_and_no_date_moves(db: Database) -> None:
    first = article(blocks=lines(FIRST))
    later = replace(first, headline="Pier one, and no more", published=NOON + timedelta(days=3))
    assert articles.save(db, None, [page(first), page(later)]) == [Reason.STORED, Reason.REVISION]
    stored = articles.get(db, 1)
    assert stored is not None
    assert stored.article.published == first.published
    assert [each.change and each.change.kinds for each in history(db, 1)] == [None, (ChangeKind.HEADLINE,)]


def test_there_is_no_history_of_what_is_not_stored(db: Database) -> None:
    assert history(db, 7) == []
