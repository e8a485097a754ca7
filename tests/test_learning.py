"""An outlet's boilerplate from crawl to reader: learned, cut, ruled on, and cleaned from what is stored."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from cli.program import aggregator, begun
from newsstand.answers import Answer
from newsstand.server import Habits, habits
from sqlalchemy import text
from store.samples import SEED, article, lines

from aggregator import outlets as cards
from aggregator import reextracting
from aggregator.clock import now
from aggregator.config import CrawlSettings, Settings
from aggregator.crawling import crawl
from aggregator.extract.learned import SHADOW_PAGES
from aggregator.model.article import Completeness
from aggregator.model.boilerplate import LearnedLine, LineState, Ruling
from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.edition import StoredArticle
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.model.page import Entry
from aggregator.publishing import publish
from aggregator.reextracting import Outcome, Reextracted
from aggregator.store import articles, boilerplate, editions
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
__all__ = ["habits"]

LINE = "Every kiosk of the harbour keeps a charter that you can sign until the herring come."
WORDS = (
    "harbour", "council", "ferry", "bridge", "tide", "market", "lantern", "anchor", "gull", "pier",
    "crane", "barge", "mayor", "winter", "paint", "rope", "captain", "ledger", "tunnel", "quarry",
    "orchard", "chapel", "drum", "kettle", "saddle", "thicket", "mirror", "pebble", "violin", "beacon",
)  # fmt: skip


def paragraphs(number: int) -> list[str]:
    """Four paragraphs that no other number has."""
    chance = Random(number)  # noqa: S311 - the same words in every run
    return [" ".join(chance.choices(WORDS, k=40)).capitalize() + "." for _ in range(4)]


def story(number: int, line: str = LINE) -> Answer:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in [*paragraphs(number), line])
    title = f"Vote {number} on the {WORDS[number % 10]} is put off"
    page = (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title></head>"
        f"<body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    )
    return Answer(body=page.encode())


class Town:
    """An outlet on this machine, with its settings and its database."""

    def __init__(self, habits: Habits, home: Path, database_url: str) -> None:
        self.habits, self.home = habits, home
        self.settings = Settings(
            database=database_url,
            outlets=home / "outlets",
            pages=home / "pages",
            crawl=CrawlSettings(processes=1, retries=0),
        )
        (home / "outlets").mkdir()
        outlet = habits.outlet()
        self.outlet: Outlet = replace(
            outlet,
            politeness=replace(outlet.politeness, delay_seconds=0.0, concurrency=4),
            rights=Rights(RightsMode.FULL, licence="CC0-1.0"),
        )
        cards.write(self.outlet, home / "outlets")
        self.cards = {self.outlet.slug: self.outlet}

    def crawl(self, *numbers: int, line: str = LINE) -> set[Reason]:
        for number in numbers:
            self.habits.play(f"/story/{number}.html", story(number, line))
        self.habits.feed(*(f"/story/{number}.html" for number in numbers))
        return set(crawl(self.settings, [self.outlet.slug]).counts[self.outlet.slug])

    def url(self, number: int) -> str:
        return self.habits.url(f"/story/{number}.html")

    def reextract(self, db: Database, *, is_dry: bool = False) -> list[Reextracted]:
        plans = reextracting.plan(db, self.cards, [], is_dry=is_dry)
        return list(reextracting.reextract(db, self.settings, plans, is_dry=is_dry))


@pytest.fixture
def town(habits: Habits, tmp_path: Path, database_url: str) -> Town:
    return Town(habits, tmp_path, database_url)


def stored(db: Database, url: str) -> StoredArticle:
    found = articles.find(db, url)
    assert found is not None
    return found


def learned(db: Database) -> LearnedLine:
    found = boilerplate.outlet(db, "habits")
    assert found is not None
    return next(line for line in found[1] if line.sample == LINE)


def test_a_crawl_learns_cuts_and_obeys_and_what_is_stored_is_cleaned(db: Database, town: Town) -> None:
    first = range(1, SHADOW_PAGES + 1)
    assert town.crawl(*first) == {Reason.STORED}
    assert learned(db).state is LineState.ACTIVE
    assert learned(db).pages == SHADOW_PAGES
    assert all(LINE in stored(db, town.url(number)).article.body for number in first)
    publish(db, town.cards, town.settings, now())

    town.crawl(101)
    clean = stored(db, town.url(101)).article
    assert clean.body == "\n".join(paragraphs(101))
    assert clean.cuts[-1].rule == f"learned/line@{SHADOW_PAGES}"

    boilerplate.rule(db, "habits", learned(db).id, Ruling.KEEP, now())
    town.crawl(102)
    assert LINE in stored(db, town.url(102)).article.body
    boilerplate.rule(db, "habits", learned(db).id, None, now())

    before = editions.by_article(db, stored(db, town.url(1)).id)
    assert before is not None
    planned = town.reextract(db, is_dry=True)
    assert stored(db, town.url(1)).revision == 1
    done = town.reextract(db)
    assert [(each.stored.id, each.outcome, each.fields) for each in done] == [
        (each.stored.id, each.outcome, each.fields) for each in planned
    ]
    changed = {each.stored.article.url for each in done if each.outcome is Outcome.CHANGED}
    assert changed == {town.url(number) for number in (*first, 102)}
    assert {each.fields for each in done} == {("text",), ()}
    assert town.reextract(db) == []

    again = stored(db, town.url(1))
    assert (again.article.body, again.revision) == ("\n".join(paragraphs(1)), 2)
    with db.reading() as session:
        causes = session.execute(
            text("SELECT number, cause FROM article_revision WHERE article_id = :id ORDER BY number"),
            {"id": again.id},
        ).all()
    assert [tuple(row) for row in causes] == [(1, "publisher"), (2, "extraction")]

    publish(db, town.cards, town.settings, now())
    after = editions.by_article(db, again.id)
    assert after is not None
    assert after.text == again.article.body
    unmoved = ("updated_at", "published_at", "first_published", "id")
    assert [getattr(after, name) for name in unmoved] == [getattr(before, name) for name in unmoved]


def test_a_stored_headline_ends_a_hint_inside_a_paragraph_in_the_next_crawl(db: Database, town: Town) -> None:
    hint = "Watch: Vote 1 on the council is put off"
    line = f"The hall was full. {hint} Orme slept."
    town.crawl(2, line=line)
    assert line in stored(db, town.url(2)).article.body
    town.crawl(1)
    town.crawl(3, line=line)
    third = stored(db, town.url(3)).article
    assert third.blocks[-1].text == "The hall was full. Orme slept."
    assert (third.cuts[-1].text, third.cuts[-1].rule) == (hint, "flattened/read_also")
    # What was stored before its headline was known is read again with it.
    assert {each.stored.article.url for each in town.reextract(db) if each.outcome is Outcome.CHANGED} == {
        town.url(2)
    }
    assert hint not in stored(db, town.url(2)).article.body


def test_a_crawl_and_reextract_know_how_long_an_outlets_articles_usually_are(
    db: Database, town: Town
) -> None:
    metered = b'<meta name="article:content_tier" content="metered"></head>'
    for number in (1, 2):
        page = Answer(body=story(number).body.replace(b"</head>", metered))
        town.habits.play(f"/story/{number}.html", page)
    town.habits.feed("/story/1.html")
    crawl(town.settings, [town.outlet.slug])
    assert stored(db, town.url(1)).article.completeness is Completeness.FULL
    long = [article(n, outlet="habits", blocks=lines(f"{n} ".ljust(9_000, chr(97 + n)))) for n in range(25)]
    articles.save(db, None, [PageArticle(Entry(one.url, SEED), one, 200) for one in long])
    town.habits.feed("/story/2.html")
    crawl(town.settings, [town.outlet.slug])
    assert stored(db, town.url(2)).article.completeness is Completeness.PAYWALLED
    town.reextract(db)
    assert stored(db, town.url(1)).article.completeness is Completeness.PAYWALLED


def test_articles_that_were_stored_before_crawls_learned_teach_when_they_are_read_again(
    db: Database, town: Town
) -> None:
    town.crawl(*range(1, SHADOW_PAGES + 1))
    boilerplate.forget(db, "habits")
    with db.session() as session:
        session.execute(text("UPDATE article SET taught_at = NULL"))
    assert {each.outcome for each in town.reextract(db, is_dry=True)} == {Outcome.CHANGED}
    assert boilerplate.outlet(db, "habits") is None
    assert {each.outcome for each in town.reextract(db)} == {Outcome.CHANGED}
    assert learned(db).pages == SHADOW_PAGES
    assert town.reextract(db) == []
    assert learned(db).pages == SHADOW_PAGES


def test_pages_that_are_gone_or_broken_are_skipped_under_their_reason(db: Database, town: Town) -> None:
    town.crawl(1, 2, 3)
    with db.session() as session:
        for number, change in ((1, "archive_file = NULL"), (2, "archive_offset_bytes = 7")):
            session.execute(
                text(f'UPDATE "fetch" SET {change} WHERE article_id = :id'),  # noqa: S608 - the test's own words
                {"id": stored(db, town.url(number)).id},
            )
    outcomes = {each.stored.article.url: each.outcome for each in town.reextract(db)}
    assert outcomes == {
        town.url(1): Outcome.SKIPPED_NO_PAGE,
        town.url(2): Outcome.SKIPPED_PAGE_BROKEN,
        town.url(3): Outcome.UNCHANGED,
    }
    for file in (town.home / "pages").rglob("*.warc.gz"):
        file.unlink()
    gone = {each.stored.article.url: each.outcome for each in town.reextract(db)}
    assert gone == {town.url(1): Outcome.SKIPPED_NO_PAGE, town.url(2): Outcome.SKIPPED_PAGE_GONE}


def test_reextract_that_was_killed_goes_on_where_it_was(db: Database, town: Town, database_url: str) -> None:
    count = 3 * reextracting.BATCH
    town.outlet = replace(town.outlet, politeness=replace(town.outlet.politeness, max_entries=count))
    town.crawl(*range(1, count + 1))
    variables = {
        "AGGREGATOR_DATABASE": database_url,
        "AGGREGATOR_OUTLETS": str(town.home / "outlets"),
        "AGGREGATOR_PAGES": str(town.home / "pages"),
        "AGGREGATOR_CRAWL__PROCESSES": "1",
    }
    with begun(town.home, "reextract", **variables) as one:
        while one.process.poll() is None and not _extracted(db):
            pass
        one.process.kill()
    done = _extracted(db)
    assert 0 < done <= count
    rest = aggregator(town.home, "reextract", **variables)
    assert rest.returncode == 0, rest.stderr
    expected = f"{count - done} articles" if done < count else "nothing to do"
    assert rest.stdout.splitlines()[-1].startswith(expected)
    with db.reading() as session:
        assert session.execute(text("SELECT max(number) FROM article_revision")).scalar_one() <= 2
    assert _extracted(db) == count


def _extracted(db: Database) -> int:
    with db.reading() as session:
        return session.execute(text("SELECT count(*) FROM article WHERE extraction IS NOT NULL")).scalar_one()
