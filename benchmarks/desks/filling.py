"""A store as three months of a thousand outlets leave it: runs, visits, hours, articles, what waits."""
# ruff: noqa: S608 - numbers of ours alone

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from desks.happenings import happen
from desks.pages import keep_pages

from aggregator import outlets as cards
from aggregator.model.outlet import Adaptive, Cron, Interval, Outlet, Rights, RightsMode, Seed, SeedKind
from aggregator.store import outlets
from aggregator.store.engine import Database

BATCH: Final = 50
WAITING: Final = 5_000
TEXT: Final = "The council met on the quay and decided, after a debate, to build the pier before the storms. "

_NUMBERS: Final = "WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x + 1 < {}) "
_SCHEDULES: Final = (Adaptive(), Interval(60), Cron("5,35 6-22 * * *", "Europe/Dublin"))
_AT: Final = "strftime('%Y-%m-%dT%H:%M:%S', {}, 'unixepoch') || '.000000Z'"


def card(number: int) -> Outlet:
    """An invented outlet."""
    home = f"https://outlet{number}.example/"
    return Outlet(
        f"outlet{number}",
        f"The Outlet {number}",
        home,
        "en",
        "IE",
        (Seed(SeedKind.FEED, f"{home}feed.xml"),),
        schedule=_SCHEDULES[number % len(_SCHEDULES)],
        rights=Rights(RightsMode.FULL, licence="CC0-1.0", automatic=number % 7 != 0),
    )


def fill(path: Path, folder: Path, *, outlets_count: int, articles: int, days: int) -> None:
    """A database at ``path`` and cards in ``folder``, up to the present hour."""
    made = [card(number) for number in range(outlets_count)]
    for one in made:
        cards.write(one, folder)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        outlets.sync(db, made)
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    first = int((hour - timedelta(days=days)).timestamp())
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
        _runs(db, outlets_count, days * 24, first)
        _articles(db, outlets_count, articles, first, days * 86_400)
        db.execute(
            "INSERT INTO watch_progress (id, hour, before_fetch, before_visit) VALUES (1, ?, 0, 0)",
            ((hour - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.000000Z"),),
        )
        db.commit()
    keep_pages(path, folder.parent / "pages", waiting=WAITING)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        happen(db, made, hour)
    with closing(sqlite3.connect(path)) as db:
        db.execute("ANALYZE")
        db.commit()


def _runs(db: sqlite3.Connection, outlets_count: int, hours: int, first: int) -> None:
    """A crawl of each batch in each hour, with its visits, and the hours of each outlet."""
    batches = max(outlets_count // BATCH, 1)
    began = _AT.format(f"{first} + x / {batches} * 3600 + 60")
    ended = _AT.format(f"{first} + x / {batches} * 3600 + 1200")
    db.execute(
        "INSERT INTO crawl_run (id, state, pid, machine, started_at, ended_at) "
        + _NUMBERS.format(hours * batches)
        + f"SELECT x + 1, 'finished', 1, 'bench', {began}, {ended} FROM n"
    )
    db.execute(
        "INSERT INTO crawl_run_outlet (run_id, position, outlet) "
        + _NUMBERS.format(hours * outlets_count)
        + f"SELECT x / {BATCH} + 1, x % {BATCH}, 'outlet' || (x % {outlets_count}) FROM n"
    )
    at = _AT.format(f"{first} + x / {outlets_count} * 3600 + 300")
    db.execute(
        "INSERT INTO seed_visit (run_id, outlet, seed_kind, seed_url, reason, status, found, new, at) "
        + _NUMBERS.format(hours * outlets_count)
        + f"SELECT x / {BATCH} + 1, 'outlet' || (x % {outlets_count}), 'feed', "
        + f"'https://outlet' || (x % {outlets_count}) || '.example/feed.xml', "
        + f"'stored', 200, 30, 1, {at} FROM n"
    )
    hour = _AT.format(f"{first} + x / {outlets_count} * 3600 + 3600")
    db.execute(
        "INSERT INTO outlet_hour (outlet, hour, visits, found, new, stored, copies, unchanged, dropped, "
        "failed_soft, headlines, bylines, dates, images, chars, cuts, ages, arrived_at, answered_at) "
        + _NUMBERS.format(hours * outlets_count)
        + f"SELECT 'outlet' || (x % {outlets_count}), {hour}, 1, 30, x % 3, x % 2, x % 11 = 0, 1, x % 5 = 0, "
        + f"x % 37 = 0, 1, 1, 1, x % 3 = 0, '[2100,1800]', '[40,80]', '[12,30]', {hour}, {hour} FROM n"
    )


def _articles(db: sqlite3.Connection, outlets_count: int, count: int, first: int, seconds: int) -> None:
    """Articles in step with time, each fetched once; most are out, some wait for a person."""
    at = _AT.format(f"{first} + CAST(x * {seconds / count!r} AS INTEGER)")
    numbers = _NUMBERS.format(count)
    slug = f"'outlet' || (x % {outlets_count})"
    url = f"'https://outlet' || (x % {outlets_count}) || '.example/' || x"
    db.execute(
        "INSERT INTO article (id, outlet, url, canonical_url, source_link, url_key, text_hash, revision, "
        "language, byline, agency, tags, robots, tdm_reserved, completeness, first_published, fetched_at, "
        "stored_at, awaits_publishing) "
        + numbers
        + f"SELECT x + 1, {slug}, {url}, {url}, {url}, printf('%032x', x), printf('%032x', x), 1, 'en', "
        + f"'[\"Ada Quay\"]', '[]', '[]', '[]', 0, 'full', {at}, {at}, {at}, x >= {count - WAITING} FROM n"
    )
    blocks = f'[["paragraph",0,"{TEXT * 3}"]]'
    db.execute(
        "INSERT INTO article_revision (article_id, number, headline, text_chars, text_hash, stored_at, "
        "cause, blocks, kinds) "
        + numbers
        + f"SELECT x + 1, 1, 'Pier ' || x || ' will be built', 300, printf('%032x', x), {at}, 'publisher', "
        + "?, '[]' FROM n",
        (blocks,),
    )
    batches = max(outlets_count // BATCH, 1)
    hours = seconds // 3600
    run = f"(CAST(x * {hours / count!r} AS INTEGER)) * {batches} + (x % {outlets_count}) / {BATCH} + 1"
    db.execute(
        "INSERT INTO fetch (run_id, outlet, url, url_key, reason, status, at, article_id, attempt) "
        + numbers
        + f"SELECT {run}, {slug}, {url}, printf('%032x', x), 'stored', 200, {at}, x + 1, 0 FROM n"
    )
    editions = seconds // 600
    closed = _AT.format(f"{first} + x * 600")
    db.execute(
        "INSERT INTO edition (id, closed_at, article_count, refused_count) "
        + _NUMBERS.format(editions)
        + f"SELECT x + 1, {closed}, {count // editions}, 1 FROM n"
    )
    db.execute(
        "INSERT INTO decision (article_id, revision, state, code, reason, mode, decided_at) "
        f"SELECT id, 1, 'in review', 'card/by-hand', 'The card asks for a person.', 'full', stored_at "
        f"FROM article WHERE id > {count - WAITING}"
    )
