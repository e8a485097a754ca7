"""Stories in the store: placed in order, resumed after a kill, ruled on, rebuilt."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

import pytest
from floors.story_scores import scores
from floors.test_story_floor import rows, truth
from sqlalchemy import func, select, text
from store.samples import NOON, article, lines, page

from aggregator.errors import StoryRulingError, UnknownStoryError
from aggregator.model.article import Completeness
from aggregator.model.crawl import PageArticle
from aggregator.model.story import JoinKind
from aggregator.store import stories, story_rulings
from aggregator.store.articles import save
from aggregator.store.engine import Database
from aggregator.store.placing import place_next
from aggregator.store.schema import ArticleRow, StoryArticleRow, StoryTermRow, StoryVectorRow
from aggregator.store.story_queue import waiting_count

FIRE = (
    "Sail loft burns down in Kestrel Bay",
    (
        "Flames destroyed the sail loft of Brannigan & Daughters in Kestrel Bay on Tuesday night. Forty "
        "people left their homes on Capstan Row. Chief officer Lena Obuya said that nobody had been hurt, "
        "and that the fire had begun beside a glue boiler on the upper floor."
    ),
)
FIRE_AGAIN = (
    "Forty flee as Kestrel Bay loft goes up in flames",
    (
        "Neighbours on Capstan Row were woken by sirens when the Brannigan loft caught fire. Lena Obuya, who "
        "led the firefighters, praised a baker who had knocked on every door. The sails of half the fleet of "
        "Kestrel Bay are lost."
    ),
)
FIRE_THIRD = (
    "Brannigan: 'We will sew again'",
    (
        "A day after the fire in Kestrel Bay the owner of the burnt sail loft, Maud Brannigan, promised "
        "that no seamstress would lose her job. The insurers came to Capstan Row on Wednesday morning; a "
        "glue boiler is thought to be the cause."
    ),
)
VOTE = (
    "Tollgate rejects the toll",
    (
        "Sixty-one in a hundred voters in Tollgate said no on Tuesday to a charge for crossing the Orme "
        "bridge. Councillor Piers Walmsley, who had proposed it, called the outcome clear. The bridge needs "
        "nine million for new bearings, which the county now has to find."
    ),
)


def report(words: tuple[str, str], outlet: str, hours: float = 0, **changes: object) -> PageArticle:
    url = f"https://{outlet}.example/{crc32(words[1].encode())}-{hours}"
    at = NOON + timedelta(hours=hours)
    values = {
        "url": url,
        "canonical_url": url,
        "source_link": url,
        "headline": words[0],
        "blocks": lines(words[1]),
        "published": at,
        "fetched_at": at,
        "dek": None,
    }
    return page(article(1, outlet=outlet, **values | changes))


def fill(db: Database, *pages: PageArticle) -> None:
    for each in pages:
        save(db, None, [each])


def place_all(db: Database, limit: int = 100) -> None:
    while place_next(db, limit):
        pass


def sides(db: Database) -> list[list[int]]:
    """The articles of each story, by number."""
    found = defaultdict(list)
    with db.reading() as session:
        query = select(StoryArticleRow.story_id, StoryArticleRow.article_id).order_by(
            StoryArticleRow.article_id
        )
        for story, number in session.execute(query):
            found[story].append(number)
    return sorted(found.values())


def four(db: Database) -> None:
    """Three reports on a fire, one on a vote between them; as articles 1, 2, 3, 4."""
    fill(
        db,
        report(FIRE, "harbour"),
        report(VOTE, "harbour", 1),
        report(FIRE_AGAIN, "gazette", 2),
        report(FIRE_THIRD, "herald", 20),
    )


@pytest.mark.parametrize("limit", [1, 100])
def test_reports_on_one_event_are_one_story_whatever_the_batch(db: Database, limit: int) -> None:
    four(db)
    place_all(db, limit)
    assert sides(db) == [[1, 3, 4], [2]]
    head = stories.heads(db, outlets=2)
    assert [(each.outlets, each.voices, each.articles) for each in head] == [(3, 3, 3)]
    assert head[0].first_seen == NOON
    assert head[0].last_seen == NOON + timedelta(hours=20)


def test_lists_are_narrowed_by_language_time_and_outlets(db: Database) -> None:
    four(db)
    place_all(db)
    assert len(stories.heads(db)) == 2
    assert stories.heads(db, language="fr") == []
    assert len(stories.heads(db, since=NOON + timedelta(hours=5))) == 1
    assert len(stories.heads(db, limit=1)) == 1


def test_copies_of_one_text_are_one_voice(db: Database) -> None:
    fill(
        db,
        report(FIRE, "harbour"),
        report(FIRE, "gazette", 1),
        report(FIRE, "herald", 2),
        report(FIRE_AGAIN, "courier", 3),
    )
    place_all(db)
    found = stories.story(db, stories.heads(db)[0].id)
    assert (found.head.outlets, found.head.voices, found.head.articles) == (4, 2, 4)
    joined = {each.outlet: (each.joined, each.copy_of) for each in found.articles}
    assert joined["gazette"] == joined["herald"] == (JoinKind.COPY, 1)
    assert joined["courier"] == (JoinKind.JOINED, None)


def test_the_headline_is_a_full_articles_and_no_copys(db: Database) -> None:
    fill(
        db,
        report((FIRE[0], FIRE[1]), "harbour", completeness=Completeness.TEASER),
        report(FIRE_AGAIN, "gazette", 1),
        report(FIRE_AGAIN, "herald", 2),
    )
    place_all(db)
    found = stories.story(db, stories.heads(db)[0].id)
    assert found.headline_article == 2
    assert found.head.headline == FIRE_AGAIN[0]


def test_a_late_original_joins_the_story_of_its_copies(db: Database) -> None:
    original = report(FIRE, "harbour", 3)
    copy = report(FIRE, "gazette", 1, source_link=original.article.url)
    fill(db, copy)
    place_all(db)
    fill(db, original)
    place_all(db)
    assert sides(db) == [[1, 2]]
    found = stories.story(db, 1)
    assert found.head.voices == 1


def test_what_was_stored_and_not_placed_is_placed_later(db: Database) -> None:
    four(db)
    assert waiting_count(db) == 4
    assert place_next(db, 3) == 3
    assert waiting_count(db) == 1
    assert stories.story_of(db, 4) is None
    place_all(db)
    assert stories.story_of(db, 4) == stories.story_of(db, 1)
    assert place_next(db) == 0


def test_an_operator_merges_and_takes_it_back(db: Database) -> None:
    four(db)
    place_all(db)
    fire, vote = stories.story_of(db, 1), stories.story_of(db, 2)
    assert fire is not None
    assert vote is not None
    ruling = story_rulings.merge(db, vote, fire, NOON)
    assert (ruling.story, ruling.other, ruling.articles) == (min(fire, vote), max(fire, vote), (2,))
    assert stories.story(db, vote).head.id == stories.story(db, fire).head.id == min(fire, vote)
    with pytest.raises(StoryRulingError, match="one story already"):
        story_rulings.merge(db, vote, fire, NOON)
    story_rulings.undo(db, ruling.id, NOON)
    assert sides(db) == [[1, 3, 4], [2]]
    assert stories.story_of(db, 2) == vote
    with pytest.raises(StoryRulingError, match="no ruling that stands"):
        story_rulings.undo(db, ruling.id, NOON)


def test_what_an_operator_split_is_never_joined_again(db: Database) -> None:
    fill(db, report(FIRE, "harbour"), report(FIRE_AGAIN, "gazette", 2))
    place_all(db)
    story = stories.story_of(db, 1)
    assert story is not None
    ruling = story_rulings.split(db, story, [2], NOON)
    assert sides(db) == [[1], [2]]
    fill(db, report(FIRE_THIRD, "herald", 20))
    place_all(db)
    assert sorted(map(len, sides(db))) == [1, 2]
    story_rulings.undo(db, ruling.id, NOON)
    assert sides(db) == [[1, 2, 3]]
    assert stories.story(db, ruling.other).head.id == story


def test_a_split_takes_copies_along_and_leaves_something(db: Database) -> None:
    fill(db, report(FIRE, "harbour"), report(FIRE_AGAIN, "gazette", 2), report(FIRE_AGAIN, "herald", 3))
    place_all(db)
    story = stories.story_of(db, 1)
    assert story is not None
    with pytest.raises(StoryRulingError, match="leave at least one"):
        story_rulings.split(db, story, [1, 2, 3], NOON)
    with pytest.raises(StoryRulingError, match="does not hold article 77"):
        story_rulings.split(db, story, [77], NOON)
    ruling = story_rulings.split(db, story, [2], NOON)
    assert ruling.articles == (2, 3)
    assert sides(db) == [[1], [2, 3]]


def test_an_unknown_story_is_told_so(db: Database) -> None:
    with pytest.raises(UnknownStoryError, match="aggregator story list"):
        stories.story(db, 5)
    with pytest.raises(UnknownStoryError):
        story_rulings.merge(db, 5, 6, NOON)


def test_a_rebuild_keeps_numbers_and_rulings_and_can_be_cut_off(db: Database) -> None:
    four(db)
    place_all(db)
    before = {number: stories.story_of(db, number) for number in range(1, 5)}
    story = before[1]
    assert story is not None
    assert story_rulings.begin_rebuild(db)
    assert place_next(db, 2) == 2
    assert not story_rulings.begin_rebuild(db)
    assert stories.story_of(db, 4) == before[4]
    place_all(db, 1)
    assert {number: stories.story_of(db, number) for number in range(1, 5)} == before
    ruling = story_rulings.split(db, story, [4], NOON)
    assert story_rulings.begin_rebuild(db)
    place_all(db)
    assert sides(db) == [[1, 3], [2], [4]]
    assert stories.story_of(db, 4) == ruling.other


def test_counts_are_the_same_after_a_rebuild(db: Database) -> None:
    four(db)
    place_all(db)

    def words() -> list[tuple[int, int]]:
        with db.reading() as session:
            rows = session.execute(text("SELECT term, articles FROM story_word ORDER BY term"))
            return [(row.term, row.articles) for row in rows]

    before = words()
    assert before
    story_rulings.begin_rebuild(db)
    place_all(db)
    assert words() == before


def test_old_terms_are_forgotten(db: Database) -> None:
    four(db)
    place_all(db)
    fill(
        db,
        report(
            (VOTE[0], f"Two months have passed. {VOTE[1]} {FIRE_AGAIN[1]} {FIRE_THIRD[1]}"),
            "courier",
            24 * 60,
        ),
    )
    place_all(db)
    with db.reading() as session:
        assert session.execute(select(func.count()).select_from(StoryVectorRow)).scalar_one() <= 1
        assert session.execute(select(func.count(StoryTermRow.period.distinct()))).scalar_one() <= 1


def test_two_placers_at_once_place_each_article_once(db: Database, database_url: str) -> None:
    four(db)
    errors: list[Exception] = []

    def work() -> None:
        other = Database.open(database_url)
        try:
            place_all(other, 1)
        except Exception as error:  # noqa: BLE001 - what a thread raises, the test must tell
            errors.append(error)
        finally:
            other.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sides(db) == [[1, 3, 4], [2]]


def test_a_kill_in_the_middle_costs_nothing(db: Database, database_url: str) -> None:
    four(db)
    for number in range(40):
        fill(db, report((f"{VOTE[0]} ({number})", f"{VOTE[1]} Ward {number}."), "courier", 30 + number))
    code = (
        "import sys\n"
        "from aggregator.store.engine import Database\n"
        "from aggregator.store.placing import place_next\n"
        "db = Database.open(sys.argv[1])\n"
        "while place_next(db, 1):\n"
        "    print('placed', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, database_url],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    ) as process:
        assert process.stdout is not None
        for _ in range(5):
            process.stdout.readline()
        time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert waiting_count(db) > 0
    assert db.integrity() == "ok"
    place_all(db)
    assert waiting_count(db) == 0
    assert sides(db)[0] == [1, 3, 4]
    assert sum(map(len, sides(db))) == 44


def test_the_labelled_set_reaches_its_floors_in_the_store(db: Database) -> None:
    labelled = rows()
    for first in range(0, len(labelled), 30):
        pages = [
            report(
                (row["title"], row["body"]),
                row["url"].split("/")[2].partition(".")[0],
                language=row["lang"],
                url=row["url"],
                canonical_url=row["url"],
                source_link=row["url"],
                published=datetime.fromisoformat(row["published"]),
                fetched_at=datetime.fromisoformat(row["published"]),
            )
            for row in labelled[first : first + 30]
        ]
        save(db, None, pages)
        place_all(db)
    with db.reading() as session:
        query = select(ArticleRow.url, StoryArticleRow.story_id).join(
            StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id
        )
        found = {url.rpartition("/")[2]: story for url, story in session.execute(query)}
    assert len(found) == len(labelled)
    quality = scores(found, truth())
    assert min(quality.precision - 0.95, quality.recall - 0.85, quality.b_cubed - 0.92) >= 0
