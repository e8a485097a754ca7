"""Pictures come by a real crawl, politely, and go with their articles: from disk, pages and addresses."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from newsstand import answers
from newsstand.answers import MEBIBYTE, Answer
from newsstand.server import Habits, habits
from pictured import go_out, kept
from PIL import Image as Pixels
from published import CARDS
from reading import site_over

from aggregator import clock, gallery, picturing
from aggregator import outlets as cards
from aggregator.config import CrawlSettings, Settings
from aggregator.exporting.export import export
from aggregator.model.article import Image
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.model.takedown import Order, TakedownScope
from aggregator.renditions import make
from aggregator.store import editions, outlets
from aggregator.store.engine import Database
from aggregator.withdrawing import take_down, undo

__all__ = ["habits"]


def photo(width: int = 1000, height: int = 600, colour: str = "teal") -> bytes:
    out = BytesIO()
    Pixels.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def settings(tmp_path: Path, migrated_sqlite: bytes) -> Settings:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "news.sqlite3").write_bytes(migrated_sqlite)
    return Settings(
        database=f"sqlite:///{tmp_path / 'news.sqlite3'}",
        outlets=tmp_path / "outlets",
        pages=tmp_path / "pages",
        pictures=tmp_path / "pictures",
        crawl=CrawlSettings(retries=0),
    )


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    opened = Database.open(settings.database_url)
    yield opened
    opened.close()


def files(settings: Settings) -> list[str]:
    return sorted(each.name for each in settings.pictures.glob("*/*"))


def card(habits: Habits) -> Outlet:
    rights = Rights(RightsMode.FULL, licence="CC0-1.0", images=True)
    return replace(habits.outlet(), slug="harbour", rights=rights)


# What is played at a picture's address, and how that ends.
FATES = {
    "/photo.jpg": (Answer(body=photo(), media_type="image/jpeg"), "kept"),
    "/moved.jpg": (answers.moved("/photo.jpg"), "kept"),
    "/lies.jpg": (Answer(body=photo(colour="plum"), media_type="text/html"), "kept"),
    "/missing.jpg": (Answer(status=404), "failed/http"),
    "/page.jpg": (Answer(body=b"<!DOCTYPE html><p>Please log in</p>"), "picture/type"),
    "/drawing.svg": (Answer(body=b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "picture/type"),
    "/icon.jpg": (Answer(body=photo(32, 32), media_type="image/jpeg"), "picture/small"),
    "/huge.jpg": (Answer(body=b"\xff" * MEBIBYTE, repeat=13, media_type="image/jpeg"), "failed/too-large"),
    "/private/photo.jpg": (Answer(body=photo(), media_type="image/jpeg"), "dropped/robots"),
    "/to-metadata.jpg": (answers.moved("http://169.254.169.254/latest.jpg"), "failed/address"),
}


def test_pictures_are_fetched_as_pages_are(habits: Habits, settings: Settings, db: Database) -> None:
    outlet = card(habits)
    cards.write(outlet, settings.outlets)
    outlets.sync(db, [outlet])
    habits.play("/robots.txt", answers.robots("User-agent: *\nDisallow: /private/\n"))
    for number, (path, (answer, _)) in enumerate(FATES.items()):
        go_out(db, number + 1, Image(habits.play(path, answer), None, f"Seen at {path}"))
    silent = habits.play("/sold.jpg", Answer(body=photo(), media_type="image/jpeg"))
    go_out(db, 50, Image(silent, None, "A boat", "Alamy"))

    ended = picturing.fetch(db, settings, [outlet])
    expected = [reason for _, reason in FATES.values()]
    assert dict(ended) == {reason: expected.count(reason) for reason in set(expected)}
    assert habits.count("/private/photo.jpg") == habits.count("/sold.jpg") == 0
    assert habits.count("/robots.txt") == 1
    agents = {one.headers["user-agent"] for one in habits.requests}
    assert agents == {settings.crawl.user_agent}
    assert not any("referer" in one.headers or "cookie" in one.headers for one in habits.requests)
    # Two articles show the same bytes: one set of files; 960 is the widest that a picture of 1,000 has.
    assert len(files(settings)) == 2 * 2 * 2
    shown = [each.pictures[0].caption for each in editions.front(db).items if each.pictures]
    assert sorted(filter(None, shown)) == ["Seen at /lies.jpg", "Seen at /moved.jpg", "Seen at /photo.jpg"]
    assert picturing.fetch(db, settings, [outlet]) == {}, "nothing is asked for twice at once"


def test_a_picture_goes_with_its_article(settings: Settings, db: Database) -> None:
    outlets.sync(db, CARDS)
    made = make(photo())
    url = "https://harbour.example/pier.jpg"
    numbers = [go_out(db, number, Image(url, "a pier", "The pier", "Ada Quay")) for number in (1, 2)]
    gallery.put(settings.pictures, made.copy.name, made.files)
    for number in numbers:
        kept(db, number, url, made)
    address = f"/picture/{made.copy.name}-960.avif"
    with site_over(db, pictures=settings.pictures) as reader:
        answer = reader.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/avif")
        assert answer.headers["cache-control"] == "public, max-age=604800, immutable"
        assert answer.body == made.files["960.avif"]
        assert reader.get(address, If_None_Match=answer.headers["etag"]).status == 304
        assert reader.get(address, "HEAD").body == b""
        assert reader.get(address, Range="bytes=0-3").status == 206
        for wrong in (
            "x.webp",
            f"{made.copy.name}-961.avif",
            f"{'0' * 32}-480.webp",
            "..%2f..%2fetc%2fpasswd",
        ):
            assert reader.get(f"/picture/{wrong}").status == 404, wrong
        page = reader.page("Report 1 with a picture").text
        assert f'srcset="/picture/{made.copy.name}-480.avif 480w, ' in page
        assert 'width="960" height="576" alt="a pier"' in page
        assert 'The pier <span class="photo">Ada Quay</span>' in page
        assert f'"url": "{reader.base}/picture/{made.copy.name}-960.webp"' in page
        assert url not in page.replace("/pier.jpg.html", "")

        order = Order(TakedownScope.ARTICLE, "", "the desk", "a court's order")
        take_down(db, settings, order, "https://harbour.example/1", clock.now())
        assert reader.get(address).status == 200, "the other article is still out with it"
        take_down(db, settings, order, "https://harbour.example/2", clock.now())
        assert files(settings) == []
        assert reader.get(address).status == 404
        undo(db, settings, order, "https://harbour.example/2", clock.now())
        assert reader.get(address).status == 404, "it comes again with the next fetch"


def test_a_withdrawn_picture_answers_410_and_its_files_are_swept(settings: Settings, db: Database) -> None:
    outlets.sync(db, CARDS)
    made = make(photo())
    url = "https://harbour.example/pier.jpg"
    number = go_out(db, 1, Image(url))
    gallery.put(settings.pictures, made.copy.name, made.files)
    kept(db, number, url, made)
    out = editions.by_article(db, number)
    assert out is not None
    with site_over(db, pictures=settings.pictures) as reader:
        address = f"/picture/{made.copy.name}-480.webp"
        assert reader.get(address).status == 200
        editions.withdraw(db, out.id, "The outlet asked us", clock.now())
        assert reader.get(address).status == 410, "at once, whenever the files go"
        assert picturing.sweep(db, settings) == 4
        assert files(settings) == []
        assert reader.get(address).status == 404


def test_an_export_carries_pictures_and_removes_them(
    settings: Settings, db: Database, tmp_path: Path
) -> None:
    outlets.sync(db, CARDS)
    made = make(photo())
    number = go_out(db, 1, Image("https://harbour.example/pier.jpg"))
    gallery.put(settings.pictures, made.copy.name, made.files)
    kept(db, number, "https://harbour.example/pier.jpg", made)
    folder = tmp_path / "public"
    export(db, settings, folder, lambda *_: None)
    carried = {each.name: each.read_bytes() for each in (folder / "picture").iterdir()}
    assert carried == {f"{made.copy.name}-{ending}": body for ending, body in made.files.items()}
    out = editions.by_article(db, number)
    assert out is not None
    editions.withdraw(db, out.id, "The outlet asked us", clock.now())
    export(db, settings, folder, lambda *_: None)
    assert not (folder / "picture").exists()
