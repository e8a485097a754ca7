"""Volumes: every publication in exactly one of them, where it stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from store.samples import NOON, article, lines, outlet, page

from aggregator import topics
from aggregator.model.article import Article
from aggregator.model.decision import Because, Code
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, editions, outlets, search, volumes
from aggregator.store.engine import Database
from aggregator.store.milestones import MOST_OF_A_SCOPE, MOST_SCOPES, Milestone, Milestones
from aggregator.store.volumes import SIZE, Scope, Volume

PUBLISHED = 130


@pytest.fixture
def full(db: Database) -> Database:
    """130 publications in editions of 10; every third of the ferry, in Greek, about ropes."""
    outlets.sync(db, [outlet(), outlet("ferry")])
    for start in range(0, PUBLISHED, 10):
        publish(db, *range(start, start + 10))
    while search.index_pending(db):
        pass
    return db


def publish(db: Database, *numbers: int) -> None:
    """Store these articles and bring them out as one edition."""
    made = [written(number) for number in numbers]
    articles.save(db, None, [page(each) for each in made])
    found = [articles.find(db, each.url) for each in made]
    fresh = [
        NewPublication(
            stored.id, PublicationState.PUBLISHED, RightsMode.FULL, words, lines(words), None, "Credit", ()
        )
        for number, stored in zip(numbers, found, strict=True)
        if stored is not None
        for words in [f"The {'ropes' if number % 3 == 0 else 'cranes'} of pier {number}"]
    ]
    editions.publish(db, fresh, NOON + timedelta(minutes=numbers[0] // 10))


def written(number: int) -> Article:
    third = number % 3 == 0
    return article(
        number,
        outlet="ferry" if third else "harbour",
        language="el" if third else "en-GB",
        section="Local  Politics" if third else "Sport",
        tags=("Ropes",) if third else (),
    )


def read_back(db: Database, scope: Scope) -> Iterator[Volume]:
    """The current volume, and those before it."""
    found = volumes.volume(db, scope)
    while found is not None:
        yield found
        found = volumes.volume(db, scope, found.older) if found.older else None


def heads(found: Iterator[Volume]) -> list[str]:
    return [each.headline for volume in found for each in volume.publications]


# To fill the store takes longer than all that is asked of it: one test asks for every scope.
SCOPES = {
    Scope(): PUBLISHED,
    Scope(outlet="ferry"): 44,
    Scope(language="en"): 86,
    Scope(language="el"): 44,
    Scope(topic="local-politics"): 44,
    Scope(topic="ropes"): 44,
    Scope(words="cranes pier"): 86,
    Scope(outlet="ferry", words="ropes"): 44,
    Scope(outlet="nobody"): 0,
    Scope(words="…"): 0,
}


def test_volumes_hold_each_publication_once_newest_first(full: Database) -> None:
    for scope, count in SCOPES.items():
        found = list(read_back(full, scope))
        numbers = [int(head.rsplit(" ", 1)[1]) for head in heads(iter(found))]
        assert numbers == sorted(set(numbers), reverse=True), scope
        assert len(numbers) == count, scope
        assert all(len(volume.publications) == SIZE for volume in found[1:]), scope
        assert len(found[0].publications) < 2 * SIZE, scope


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(outlet="ferry"), Scope(language="el"), Scope(topic="ropes")]
)
def test_a_memory_of_places_changes_no_volume(full: Database, scope: Scope) -> None:
    milestones = Milestones()
    numbers = [None, 1, 2, None, 2, 1, 3]
    for _ in range(2):
        for number in numbers:
            known = volumes.volume(full, scope, number, milestones)
            assert known == volumes.volume(full, scope, number), number
        publish(full, *range(PUBLISHED, PUBLISHED + 60))


def test_what_was_counted_is_not_counted_again(full: Database) -> None:
    milestones = Milestones()
    volumes.volume(full, Scope(), None, milestones)
    last = milestones.last(Scope())
    assert last is not None
    assert last.count == SIZE
    with full.session() as session:
        session.execute(text("DELETE FROM publication_topic WHERE publication_id <= 10"))
        session.execute(text("DELETE FROM publication WHERE id <= 10"))
    remembered = volumes.volume(full, Scope(), None, milestones)
    assert remembered is not None
    assert remembered.bound == 1
    assert len(remembered.publications) == PUBLISHED - SIZE


def test_milestones_forget_what_was_asked_for_longest_ago() -> None:
    known = Milestones()
    for count in range(1, 2 * MOST_OF_A_SCOPE):
        known.note("one", Milestone(count, (count,)))
    assert known.last("one") == Milestone(2 * MOST_OF_A_SCOPE - 1, (2 * MOST_OF_A_SCOPE - 1,))
    below, above = known.around("one", 777)
    assert below is not None
    assert above is not None
    assert below.count <= 777 <= above.count
    for number in range(MOST_SCOPES):
        known.note(number, Milestone(1, (1,)))
    assert known.last("one") is None


def test_a_bound_volume_keeps_what_it_holds(full: Database) -> None:
    before = volumes.volume(full, Scope(), 1)
    assert before is not None
    editions.withdraw(full, before.publications[3].id, "asked", NOON)
    publish(full, *range(PUBLISHED, PUBLISHED + 30))
    after = volumes.volume(full, Scope(), 1)
    assert after is not None
    assert [each.id for each in after.publications] == [each.id for each in before.publications]
    assert [each.state for each in after.publications].count(PublicationState.WITHDRAWN) == 1
    assert after.bound == before.bound + 1 == 2


NO = Because(Code.CARD_NEVER, "The card allows nothing.")


def test_what_was_refused_stands_in_no_volume(db: Database) -> None:
    outlets.sync(db, [outlet()])
    articles.save(db, None, [page(article(1))])
    refused = (PublicationState.REFUSED, RightsMode.NEVER, "Pier", (), None, "Credit", (NO,))
    editions.publish(db, [NewPublication(1, *refused)], NOON)
    assert volumes.volume(db, Scope()) == Volume((), None, 0)


def test_a_volume_that_is_not_bound_is_none(full: Database) -> None:
    assert all(volumes.volume(full, Scope(), number) is None for number in (0, -1, 3, 10**6))


def test_a_topic_is_called_as_its_newest_publication_calls_it(full: Database) -> None:
    assert volumes.topic_label(full, "local-politics") == "Local Politics"
    assert volumes.topic_label(full, "nothing") is None


def test_topics_follow_a_revision(db: Database) -> None:
    outlets.sync(db, [outlet()])
    for section in ("Sport", "Culture"):
        text = lines(f"What was said of {section} on the quay this morning, in many words, by many people.")
        articles.save(db, None, [page(article(1, section=section, tags=(), blocks=text))])
        shown = (PublicationState.PUBLISHED, RightsMode.FULL, section, text, None, "Credit", ())
        editions.publish(db, [NewPublication(1, *shown)], NOON)
    assert volumes.topic_label(db, "sport") is None
    assert volumes.topic_label(db, "culture") == "Culture"


def test_keys_of_topics_need_no_latin_letters() -> None:
    assert topics.key("Λοκαλ  Πόλιτικς!") == "λοκαλ-πόλιτικσ"
    assert topics.key("経済・政治") == "経済-政治"
    assert topics.key(" -- ") == ""
    assert topics.of("Ａrts", ["ARTS", "", "x" * 81, "Music"]) == {"arts": "Ａrts", "music": "Music"}
