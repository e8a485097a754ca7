"""Pictures in the store: wanted while readers may be shown them, ours until they may not."""

from datetime import timedelta

from pictured import go_out, kept
from published import CARDS

from aggregator.clock import now
from aggregator.model.article import Image
from aggregator.model.picture import Copy, Missed, Picture, WantedPicture
from aggregator.renditions import Renditions
from aggregator.store import editions, freshness, outlets, pictures
from aggregator.store.engine import Database

PIER = Image("https://harbour.example/pier.jpg", "a pier", "The pier", "Ada Quay")
SOLD = Image("https://harbour.example/sold.jpg", None, "A boat", "Photo: Reuters")
BANK = Image("https://harbour.example/bank.jpg", None, "A boat. Getty Images")
BOAT = Image("https://harbour.example/boat.jpg")
COPY = Copy("ab" * 16, 960, 540, has_avif=True)


def wanted(db: Database, later: timedelta = timedelta(), limit: int = 10) -> list[str]:
    found = pictures.wanted(db, ["harbour"], now() + later, limit)
    return [each.url.rpartition("/")[2] for each in found]


def test_pictures_are_wanted_where_they_may_be_shown_and_are_the_outlets_own(db: Database) -> None:
    outlets.sync(db, CARDS)
    go_out(db, 1, PIER, SOLD, BANK, BOAT, Image("https://harbour.example/fifth.jpg"))
    go_out(db, 2, Image("https://harbour.example/closed.jpg"), has_images=False)
    go_out(db, 3, Image("https://kurier.example/other.jpg"), outlet="kurier")
    assert wanted(db) == ["pier.jpg", "boat.jpg"]
    assert wanted(db, limit=1) == ["pier.jpg"]
    assert wanted(db, pictures.WINDOW + timedelta(hours=1)) == []


def test_a_picture_that_did_not_come_is_wanted_again_when_it_is_time(db: Database) -> None:
    outlets.sync(db, CARDS)
    number = go_out(db, 1, PIER, BOAT)
    pier, boat = pictures.wanted(db, ["harbour"], now(), 10)
    pictures.miss(
        db, pier, Missed("failed/http", "the server answered 500", now(), now() + timedelta(hours=6))
    )
    pictures.begin(db, boat, now())
    assert wanted(db) == [], "whoever died of a picture does not meet it again"
    assert wanted(db, timedelta(hours=7)) == ["pier.jpg"]
    again = pictures.wanted(db, ["harbour"], now() + timedelta(hours=7), 10)
    assert again == [WantedPicture(number, "harbour", PIER.url, tries=1)]
    assert pictures.counts(db) == {"failed/http": 1, "picture/crash": 1}


def test_our_copy_is_shown_while_its_article_is_out_with_it(db: Database) -> None:
    outlets.sync(db, CARDS)
    number = go_out(db, 1, PIER)
    before = freshness.changed_at(db)
    assert pictures.is_shown(db, COPY.name) is None
    kept(db, number, PIER.url, Renditions(COPY, {}))
    assert before is not None
    assert freshness.changed_at(db) > before, "pages that show it are newer"
    out = editions.by_article(db, number)
    assert out is not None
    assert out.pictures == (Picture(COPY, PIER.alt, PIER.caption, PIER.credit),)
    assert pictures.is_shown(db, COPY.name) is True
    assert (pictures.unshown(db), wanted(db)) == ([], [])

    editions.withdraw(db, out.id, "The outlet asked us", now())
    assert pictures.is_shown(db, COPY.name) is False
    assert pictures.unshown(db) == [COPY.name]
    assert pictures.unshown(db, [number + 1]) == []
    pictures.forget(db, [COPY.name])
    assert pictures.is_shown(db, COPY.name) is None
    editions.restore(db, out.id)
    assert wanted(db) == ["pier.jpg"], "what is given back gets its pictures again"


def test_a_picture_that_two_articles_show_stays_for_the_other(db: Database) -> None:
    outlets.sync(db, CARDS)
    first, second = go_out(db, 1, PIER), go_out(db, 2, PIER)
    for number in (first, second):
        kept(db, number, PIER.url, Renditions(COPY, {}))
    out = editions.by_article(db, first)
    assert out is not None
    editions.withdraw(db, out.id, "The outlet asked us", now())
    assert pictures.is_shown(db, COPY.name) is True
    assert pictures.unshown(db) == [COPY.name]
    assert pictures.needed(db, [COPY.name, "00" * 16]) == {COPY.name}
    pictures.forget(db, [COPY.name])
    assert pictures.is_shown(db, COPY.name) is True
    assert pictures.unshown(db) == []
