"""Near-duplicates in the store: found in the transaction, kept with their evidence, on both databases."""

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from dedupe.prose import article as prose
from dedupe.prose import edited
from sqlalchemy import text
from store.samples import NOON, article, lines, page

from aggregator.model.article import Article
from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.duplicate import Copy, Fresh
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, editions
from aggregator.store.buckets import unpacked
from aggregator.store.engine import Database
from aggregator.store.incoming import IncomingArticle, incoming
from aggregator.store.near import Near
from aggregator.store.shingles import Row, Shingles
from aggregator.store.stock import Stock


def carried(outlet: str, body: str, number: int = 1, **changes: Any) -> PageArticle:
    made: Article = article(number, outlet=outlet, blocks=lines(body), **changes)
    return page(made)


def save(db: Database, *pages: PageArticle) -> list[Reason]:
    return articles.save(db, None, pages)


def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]


def postings(db: Database) -> list[tuple[int, int]]:
    """All that the index holds: hashes and articles."""
    held = b"".join(bucket for (bucket,) in rows(db, "SELECT postings FROM shingle_bucket"))
    return list(zip(*(column.tolist() for column in unpacked(held)), strict=True))


TEXT = prose(1, 24)


def test_an_edited_copy_is_found_in_its_batch_and_after_it(db: Database) -> None:
    first, second, third = (carried(name, edited(TEXT, 0.1, n)) for n, name in enumerate(("a", "b", "c")))
    assert save(db, first, second) == [Reason.STORED, Reason.COPY]
    assert save(db, third, carried("d", prose(2, 24))) == [Reason.COPY, Reason.STORED]
    a, b, c, d = articles.every(db)
    assert [one.copy_of for one in (a, b, c, d)] == [None, a.id, a.id, None]
    assert [one.id for one in articles.unpublished(db, 9)] == [a.id, d.id]


def test_evidence_is_kept_with_the_copy(db: Database) -> None:
    quarter = TEXT[: len(TEXT) // 4]
    save(db, carried("a", TEXT), carried("b", quarter), carried("c", TEXT))
    with db.reading() as session:
        found = session.execute(text("SELECT kind, score, evidence FROM duplicate ORDER BY copy_id")).all()
    assert [row.kind for row in found] == ["excerpt", "syndicated"]
    assert found[1].evidence in {None, "null"}
    evidence = found[0].evidence
    if isinstance(evidence, str):
        import json

        evidence = json.loads(evidence)
    assert evidence["of_newer"] > 0.95
    assert evidence["of_older"] < 0.3
    assert evidence["shared_shingles"] >= 2


def test_forty_copies_are_one_cluster_and_keep_few_shingles(db: Database) -> None:
    copies = [carried(f"o{n}", edited(TEXT, 0.1, n)) for n in range(40)]
    for start in range(0, 40, 8):
        save(db, *copies[start : start + 8])
    assert {one.copy_of for one in articles.every(db)} == {None, 1}
    held = Counter(article_id for _, article_id in postings(db))
    assert max(Counter(row for row, _ in postings(db)).values()) == 1
    assert held.total() < 40 * held[1] / 2


def test_an_original_that_nearly_equals_its_copy_takes_over(db: Database) -> None:
    source = "https://harbour.example/news/1"
    save(db, carried("echo", edited(TEXT, 0.1), source_link=source))
    assert save(db, carried("harbour", TEXT)) == [Reason.STORED]
    echo, harbour = articles.every(db)
    assert (echo.copy_of, harbour.copy_of) == (harbour.id, None)


def test_a_copy_that_is_corrected_stays_one_and_one_with_other_words_does_not(db: Database) -> None:
    save(db, carried("a", TEXT), carried("b", edited(TEXT, 0.1)))
    assert save(db, carried("b", edited(TEXT, 0.12, 7))) == [Reason.REVISION]
    assert [one.copy_of for one in articles.every(db)] == [None, 1]
    assert save(db, carried("b", prose(5, 24))) == [Reason.REVISION]
    assert [one.copy_of for one in articles.every(db)] == [None, None]


def test_copies_are_looked_for_in_the_periods_beside_the_articles_own(db: Database) -> None:
    save(db, carried("a", TEXT))
    later = {"published": NOON + timedelta(days=100), "fetched_at": NOON + timedelta(days=100)}
    assert save(db, carried("b", edited(TEXT, 0.1), **later)) == [Reason.STORED]
    soon = {"published": NOON + timedelta(days=20), "fetched_at": NOON + timedelta(days=20)}
    earlier = {"published": NOON - timedelta(days=20)}
    assert save(db, carried("c", edited(TEXT, 0.1, 3), **soon)) == [Reason.COPY]
    assert save(db, carried("d", edited(TEXT, 0.1, 4), **earlier)) == [Reason.COPY]


TEASER = TEXT[: len(TEXT) // 3]
MORE = prose(3, 16)
DAY = timedelta(days=1)


def shown(db: Database) -> list[str]:
    """The outlets of the articles that no other one hides."""
    return [one.article.outlet for one in articles.every(db) if one.copy_of is None]


def kinds(db: Database) -> list[tuple[Any, ...]]:
    return rows(db, "SELECT copy_id, original_id, kind FROM duplicate ORDER BY copy_id")


@pytest.mark.parametrize("together", [True, False])
def test_the_whole_article_is_not_hidden_behind_another_outlets_teaser(
    db: Database, *, together: bool
) -> None:
    whole, wrapped = carried("b", TEXT), carried("c", f"By our reporter in the harbour.\n{TEXT}\nRead more.")
    comers = [carried("a", TEASER), whole, wrapped]
    reasons = save(db, *comers) if together else [reason for one in comers for reason in save(db, one)]
    assert reasons == [Reason.STORED, Reason.STORED, Reason.COPY]
    assert shown(db) == ["a", "b"]
    assert kinds(db) == [(2, 1, "contains"), (3, 2, "syndicated")]
    assert [one.id for one in articles.unpublished(db, 9)] == [1, 2]


def test_a_text_with_paragraphs_of_its_own_stands_beside_what_it_took_over(db: Database) -> None:
    reported = f"{TEXT[: len(TEXT) * 2 // 3]}\n{MORE}"
    assert save(db, carried("a", TEXT), carried("b", reported)) == [Reason.STORED, Reason.STORED]
    assert kinds(db) == [(2, 1, "contains")]


def test_many_texts_round_one_teaser_do_not_make_it_a_phrase_that_finds_nothing(db: Database) -> None:
    save(db, carried("first", TEASER))
    for n in range(7):
        save(db, carried(f"o{n}", f"{TEASER}\n{prose(20 + n, 8)}"))
    assert len(shown(db)) == 8
    assert {original for _, original, _ in kinds(db)} == {1}
    assert save(db, carried("late", edited(TEASER, 0.05))) == [Reason.COPY]


def test_an_excerpt_does_not_hide_the_wider_text_that_names_it_as_its_source(db: Database) -> None:
    wider = carried("echo", f"{TEASER}\n{MORE}", source_link="https://harbour.example/news/1")
    assert save(db, wider, carried("harbour", TEASER)) == [Reason.STORED, Reason.STORED]
    assert shown(db) == ["echo", "harbour"]


def test_an_article_updated_under_another_address_takes_the_place_of_the_older_one(db: Database) -> None:
    old, new = (carried("a", body, n) for n, body in enumerate((TEXT, f"Update: it rains.\n{TEXT}"), 1))
    save(db, old)
    [stored] = articles.unpublished(db, 9)
    publication = NewPublication(
        stored.id, PublicationState.PUBLISHED, RightsMode.FULL, "Pier", (), None, "A", ()
    )
    editions.publish(db, [publication], NOON)
    assert save(db, new) == [Reason.STORED]
    assert [one.copy_of for one in articles.every(db)] == [2, None]
    assert kinds(db) == [(1, 2, "revision")]
    assert [one.id for one in articles.revised(db, 9)] == [2]
    assert articles.unpublished(db, 9) == []


def test_two_like_reports_of_one_day_with_other_figures_stand_both(db: Database) -> None:
    parts = TEXT.split(" ")
    numbers = [place for place, word in enumerate(parts) if word.isdecimal()]
    for place in numbers[::4]:
        parts[place] = str(int(parts[place]) + 100)
    for place in numbers:
        parts[place - 5] = "otherwise"
    assert save(db, carried("a", TEXT, 1), carried("a", " ".join(parts), 2)) == [Reason.STORED] * 2
    assert shown(db) == ["a", "a"]
    assert kinds(db) == [(2, 1, "revision")]


def test_an_older_version_that_comes_late_is_a_copy(db: Database) -> None:
    new = carried("a", TEXT.replace("quiet", "stormy"), 1, modified=NOON)
    old = carried("a", TEXT, 2)
    assert save(db, new, old) == [Reason.STORED, Reason.COPY]


def test_the_next_page_of_a_series_is_not_hidden_and_hides_nothing(db: Database) -> None:
    first = carried("a", TEXT, 1)
    assert save(db, first) == [Reason.STORED]
    for day in range(1, 4):
        body = edited(TEXT, 0.04, day)
        assert save(db, carried("a", body, 1 + day, published=NOON + day * DAY)) == [Reason.STORED]
    assert shown(db) == ["a"] * 4
    assert kinds(db) == [(2, 1, "revision"), (3, 1, "revision"), (4, 1, "revision")]


def test_the_same_words_of_one_outlet_are_a_copy_whenever_they_come(db: Database) -> None:
    undated = carried("a", f"{TEXT}\nMore on the harbour.", 2, published=None)
    assert save(db, carried("a", TEXT, 1), undated) == [Reason.STORED, Reason.COPY]
    later = carried("a", f"From the archive.\n{TEXT}", 3, published=NOON + 3 * DAY)
    assert save(db, later) == [Reason.COPY]


def test_an_update_of_a_copy_does_not_take_over_another_outlets_original(db: Database) -> None:
    save(db, carried("a", TEXT, 1), carried("b", edited(TEXT, 0.05), 2))
    save(db, carried("b", f"{edited(TEXT, 0.05)}\n{prose(4, 8)}", 3))
    assert shown(db) == ["a", "b"]


def test_a_copy_that_grows_into_the_fuller_text_is_one_no_more(db: Database) -> None:
    save(db, carried("a", TEASER), carried("b", edited(TEASER, 0.05)))
    assert shown(db) == ["a"]
    assert save(db, carried("b", TEXT)) == [Reason.REVISION]
    assert shown(db) == ["a", "b"]


class Counted(Shingles):
    """Shingles that tell how many hashes were looked up."""

    asked = 0

    def find(self, wanted: Mapping[int, Collection[int]]) -> Iterator[Row]:  # type: ignore[override] # narrower
        self.asked += sum(map(len, wanted.values()))
        return super().find(wanted)


def test_what_resembles_nothing_is_looked_up_by_few_of_its_shingles(db: Database) -> None:
    chance = random.Random(3)  # noqa: S311 - texts
    strange = " ".join(f"w{chance.getrandbits(30):x}" for _ in range(400))
    save(db, carried("a", strange))
    fresh, copy = (
        incoming(carried("b", body)) for body in (" ".join(reversed(strange.split())), edited(strange, 0.05))
    )
    assert isinstance(fresh, IncomingArticle)
    assert isinstance(copy, IncomingArticle)
    for one, share, verdict in ((fresh, 1.2, Fresh), (copy, 3, Copy)):
        with db.session() as session:
            shingles = Counted(session)
            assert isinstance(Near(session, Stock(), [one], shingles).verdict(one), verdict)
            assert share / 2 < shingles.asked / len(one.sample.probes) <= share
