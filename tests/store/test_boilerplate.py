"""Learned boilerplate in the store: counted once a page, bounded, ruled, forgotten with its layout."""

import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from store.samples import NOON, article, end, page

from aggregator.errors import UnknownLineError, UnknownOutletError
from aggregator.extract.learned import SHADOW_PAGES
from aggregator.extract.tally import GENERATION_PAGES
from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.boilerplate import LearnedLine, LineState, Ruling
from aggregator.model.crawl import PageArticle, Reason
from aggregator.store import articles, boilerplate
from aggregator.store.boilerplate_state import boilerplate_state
from aggregator.store.engine import Database
from aggregator.store.schema import BoilerplateLineRow, BoilerplateOutletRow

LINE = "Sign the harbour charter at any of our kiosks."
WORDS = ("harbour", "council", "ferry", "bridge", "tide", "market", "lantern", "anchor", "gull", "pier")


def body(number: int) -> str:
    """A text of its own for each number, numbers aside."""
    spoken = " ".join(random.Random(number).choices([a + b for a in WORDS for b in WORDS], k=24))  # noqa: S311 - a text, no secret
    return f"They spoke of {spoken}."


def noted(number: int, line: str = LINE, **changes: Any) -> Article:
    """An article of one paragraph of its own, and a line that its outlet sets below each."""
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in (body(number), line) if text)
    return article(number, blocks=blocks, cuts=(), **changes)


def teach(db: Database, *numbers: int, line: str = LINE) -> list[Reason]:
    """Save articles as a crawl does: cleaned by what was learned before."""
    return articles.save(db, None, [cleaned(db, noted(number, line)) for number in numbers])


def cleaned(db: Database, raw: Article) -> PageArticle:
    made = boilerplate.load(db, raw.outlet).clean(raw)
    return replace(page(made), uncut=None if made is raw else raw)


def lines(db: Database, outlet: str = "harbour") -> list[LearnedLine]:
    found = boilerplate.outlet(db, outlet)
    return found[1] if found else []


def test_nothing_is_cut_in_shadow_mode_and_what_would_be_is_told(db: Database) -> None:
    teach(db, *range(1, SHADOW_PAGES))
    assert [line.state for line in lines(db)] == [LineState.SHADOW]
    assert boilerplate.load(db, "harbour").clean(noted(99)) == noted(99)
    teach(db, SHADOW_PAGES)
    assert [(line.state, line.pages, line.sample) for line in lines(db)] == [
        (LineState.ACTIVE, SHADOW_PAGES, LINE)
    ]
    cuts = boilerplate.load(db, "harbour").clean(noted(99)).cuts
    assert [(cut.text, cut.rule) for cut in cuts] == [(LINE, f"learned/line@{SHADOW_PAGES}")]


def test_a_line_goes_on_being_counted_while_it_is_cut(db: Database) -> None:
    teach(db, *range(1, SHADOW_PAGES + 1))
    teach(db, *range(100, 105))
    assert lines(db)[0].pages == SHADOW_PAGES + 5
    known = boilerplate.outlets(db)[0]
    assert (known.pages, known.version) == (SHADOW_PAGES + 5,) * 2
    assert known.cut_chars == 5 * (len(LINE) + 1)
    stored = articles.get(db, SHADOW_PAGES + 1)
    assert stored is not None
    assert stored.article.body == body(100)


def test_copies_revisions_and_visits_without_news_teach_nothing(db: Database) -> None:
    teach(db, 1)
    again = page(noted(1))
    copy = page(noted(1, outlet="ferry"))
    changed = page(replace(noted(2), url=again.article.url, canonical_url=again.article.canonical_url))
    reasons = articles.save(db, None, [again, copy, changed, end(7, Reason.FAILED_HTTP)])
    assert reasons == [Reason.UNCHANGED, Reason.COPY, Reason.REVISION, Reason.FAILED_HTTP]
    assert [known.pages for known in boilerplate.outlets(db)] == [1]


def test_a_page_that_is_visited_again_after_its_line_was_learned_is_unchanged(db: Database) -> None:
    teach(db, *range(1, SHADOW_PAGES + 1))
    assert articles.save(db, None, [cleaned(db, noted(1))]) == [Reason.UNCHANGED]
    boilerplate.rule(db, "harbour", lines(db)[0].id, Ruling.KEEP, NOON)
    teach(db, 50)
    assert articles.save(db, None, [cleaned(db, noted(50))]) == [Reason.UNCHANGED]


def test_pages_that_the_database_refuses_are_not_counted_and_the_others_once(db: Database) -> None:
    good = [page(noted(number)) for number in range(1, 6)]
    bad = replace(page(noted(9)), status="no number")  # type: ignore[arg-type]
    reasons = articles.save(db, None, [*good[:2], bad, *good[2:]])
    expected = [Reason.STORED] * 6
    if db.dialect == "postgresql":
        expected[2] = Reason.FAILED_STORE
    assert reasons == expected
    assert lines(db)[0].pages == reasons.count(Reason.STORED)


def test_rulings_are_obeyed_and_taken_back(db: Database) -> None:
    teach(db, *range(1, SHADOW_PAGES + 1))
    (line,) = lines(db)
    version = boilerplate.load(db, "harbour").version
    kept = boilerplate.rule(db, "harbour", line.id[:6], Ruling.KEEP, NOON)
    assert (kept.state, kept.ruling, kept.ruled_at) == (LineState.KEPT, Ruling.KEEP, NOON)
    assert boilerplate.load(db, "harbour").clean(noted(99)) == noted(99)
    assert boilerplate.load(db, "harbour").version == (version or 0) + 1
    assert boilerplate.rule(db, "harbour", line.id, None, NOON).state is LineState.ACTIVE
    assert boilerplate.load(db, "harbour").clean(noted(99)).body == body(99)


def test_what_an_operator_drops_is_cut_even_in_shadow_mode(db: Database) -> None:
    teach(db, 1, 2)
    assert boilerplate.rule(db, "harbour", lines(db)[0].id, Ruling.DROP, NOON).state is LineState.DROPPED
    assert boilerplate.load(db, "harbour").clean(noted(3)).body == body(3)


def test_an_unknown_outlet_or_line_is_named(db: Database) -> None:
    with pytest.raises(UnknownOutletError, match="harbour: nothing was learned"):
        boilerplate.rule(db, "harbour", "00000000", Ruling.KEEP, NOON)
    teach(db, 1, 2)
    for wrong in ("zzzzzz", lines(db)[0].id[:2]):
        with pytest.raises(UnknownLineError, match=f"harbour {wrong}: no line has this id"):
            boilerplate.rule(db, "harbour", wrong, Ruling.KEEP, NOON)


def test_a_line_that_left_the_layout_loses_its_force_and_its_row(db: Database) -> None:
    teach(db, *range(1, 31))
    new = "Walk the pier with our newsroom, every Sunday at noon."
    for start in range(31, 30 + 2 * GENERATION_PAGES, 50):
        teach(db, *range(start, start + 50), line=new)
        if start > GENERATION_PAGES + 50:
            break
    assert {line.sample: line.state for line in lines(db)}[LINE] is LineState.ACTIVE
    for start in range(1000, 1000 + GENERATION_PAGES, 50):
        teach(db, *range(start, start + 50), line=new)
    assert [(line.sample, line.state) for line in lines(db)] == [(new, LineState.ACTIVE)]
    learned = boilerplate.load(db, "harbour")
    assert learned.clean(noted(9999)) == noted(9999)
    with db.reading() as session:
        rows = session.execute(select(func.count()).select_from(BoilerplateLineRow)).scalar_one()
    # Each page has one paragraph of its own and the line.
    assert rows <= 2 * GENERATION_PAGES + 50


def test_a_kept_line_is_not_forgotten(db: Database) -> None:
    teach(db, 1, 2, 3)
    boilerplate.rule(db, "harbour", lines(db)[0].id, Ruling.KEEP, NOON)
    for start in range(10, 10 + 3 * GENERATION_PAGES, 100):
        teach(db, *range(start, start + 100), line="")
    assert [(line.state, line.pages) for line in lines(db)] == [(LineState.KEPT, 0)]


def test_forgetting_an_outlet_starts_anew(db: Database) -> None:
    teach(db, 1, 2, 3)
    assert boilerplate.forget(db, "harbour") == 1
    assert boilerplate.outlets(db) == []
    with pytest.raises(UnknownOutletError):
        boilerplate.forget(db, "harbour")


def test_the_dump_names_the_same_states_as_the_memory(db: Database) -> None:
    seen: set[LineState] = set()
    for start in range(1, GENERATION_PAGES + 250, 10):
        kinds = [LINE, "Walk the pier with our newsroom.", "Why so?", ""]
        raws = [
            noted(number, kinds[number % (4 if start < 200 else 2)]) for number in range(start, start + 10)
        ]
        articles.save(db, None, [page(raw) for raw in raws])
        if start == 31:
            boilerplate.rule(db, "harbour", lines(db)[0].id, Ruling.DROP, NOON)
        with db.reading() as session:
            rows = session.execute(
                select(BoilerplateLineRow.id, *boilerplate_state())
                .join(BoilerplateOutletRow, BoilerplateOutletRow.outlet == BoilerplateLineRow.outlet)
                .where(BoilerplateLineRow.sample.is_not(None))
            ).all()
        known = {line.id: (line.pages, line.of_pages, line.state.value) for line in lines(db)}
        assert {row[0]: tuple(row[1:]) for row in rows} == known
        seen |= {line.state for line in lines(db)}
    assert seen >= {LineState.SHADOW, LineState.ACTIVE, LineState.DROPPED, LineState.COUNTED}


def test_crawl_and_store_count_alike(db: Database) -> None:
    """The store's sums are those of the memory that bulk extraction keeps."""
    memory = boilerplate.Learned(shadow_pages=SHADOW_PAGES)
    for start in range(1, GENERATION_PAGES + 120, 40):
        raws = [noted(number, LINE if number % 3 else "") for number in range(start, start + 40)]
        articles.save(db, None, [page(raw) for raw in raws])
        for raw in raws:
            memory.learn(raw)
    stored = boilerplate.load(db, "harbour")
    assert stored.pages == memory.pages
    assert {name: memory.count(name) for name in stored.tallies} == {
        name: stored.count(name) for name in stored.tallies
    }
    assert stored.stamp() == replace(memory, texts={}).stamp()
