"""Retention: what is old goes when it is said, nothing else, and what is left fits together."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cli.program import aggregator
from sqlalchemy import delete, func, select, update
from store.samples import SEED, outlet, page
from store.samples import article as sample
from warcio.archiveiterator import ArchiveIterator

from aggregator import archive, pruning
from aggregator.archive import PageArchive
from aggregator.clock import now
from aggregator.config import Settings
from aggregator.errors import ArchiveError, PruneError
from aggregator.model.crawl import RunState
from aggregator.model.outlet import Rights, RightsMode
from aggregator.model.page import ArchiveRef, Entry, FetchedPage
from aggregator.model.slip import Slip, SlipKind
from aggregator.publishing import publish_all
from aggregator.store import articles, audit, crawls, slips
from aggregator.store import outlets as stored_outlets
from aggregator.store.dump import dump
from aggregator.store.engine import Database
from aggregator.store.pruning import Scope
from aggregator.store.schema import (
    ArticleRow,
    CrawlRunRow,
    FetchRow,
    OutletHourRow,
    PublicationRow,
    SeedVisitRow,
)

CARDS = {
    "harbour": outlet("harbour", rights=Rights(RightsMode.EXCERPT)),
    "wharf": outlet("wharf", rights=Rights(RightsMode.NEVER)),
}
OLD = timedelta(days=200)


def quiet(_what: str, _count: int) -> None:
    """Nobody watches."""


class World:
    """Six old pages and two new ones of two outlets, in three files: those of the harbour are out."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.at = db, now()
        self.settings = Settings(pages=folder / "pages")
        stored_outlets.sync(db, list(CARDS.values()))
        self._keep("old", [("harbour", 1), ("wharf", 2), ("wharf", 3)], OLD)
        self._keep("older", [("wharf", 4), ("wharf", 5), ("wharf", 6)], OLD + timedelta(days=9))
        self._keep("new", [("harbour", 7), ("wharf", 8)], timedelta(days=1))
        list(publish_all(db, CARDS, self.settings, self.at))

    def _keep(self, name: str, what: list[tuple[str, int]], age: timedelta) -> None:
        made, moment = [], self.at - age
        with PageArchive(self.settings.pages / name) as kept:
            for slug, number in what:
                url = f"https://{slug}.example/news/{number}"
                body = f"<p>page {number}</p>".encode() * 99
                ref = kept.write(FetchedPage(slug, Entry(url, SEED), url, 200, (), None, body, moment))
                ref = replace(ref, file=f"{name}/{moment:%Y/%Y-%m-%d}-00.warc.gz")
                written = sample(number, outlet=slug, fetched_at=moment, published=moment)
                made.append(page(written, archived=ref))
        articles.save(self.db, None, made)
        with self.db.session() as session:
            numbers = [each.archived.file for each in made if each.archived]
            session.execute(update(FetchRow).where(FetchRow.archive_file.in_(numbers)).values(at=moment))
        (path,) = (self.settings.pages / name).rglob("*.gz")
        place = self.settings.pages / name / f"{moment:%Y/%Y-%m-%d}-00.warc.gz"
        place.parent.mkdir(exist_ok=True)
        path.rename(place)

    def scope(self, days: float = 90, **changes: object) -> Scope:
        return Scope(self.at - timedelta(days=days), **changes)  # type: ignore[arg-type]

    def prune(self, scope: Scope, *, pages: bool = True, history: bool = False) -> pruning.Plan:
        plan = pruning.planned(self.db, self.settings, scope, pages=pages, history=history)
        pruning.prune(self.db, self.settings, scope, plan, who="ada", progress=quiet)
        return plan

    def kept(self) -> list[str]:
        """The addresses whose pages can be read in the archive."""
        with self.db.reading() as session:
            rows = session.execute(select(FetchRow).where(FetchRow.archive_file.is_not(None))).scalars().all()
        for row in rows:
            place = (row.archive_file or "", row.archive_offset_bytes or 0, row.archive_length_bytes or 0)
            assert archive.read(self.settings.pages, ArchiveRef(*place))[0] == row.url
        return sorted(row.url.removeprefix("https://").replace(".example/news", "") for row in rows)

    def count(self, table: type) -> int:
        with self.db.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def world(db: Database, tmp_path: Path) -> World:
    return World(db, tmp_path)


ALL = ["harbour/1", "harbour/7", "wharf/2", "wharf/3", "wharf/4", "wharf/5", "wharf/6", "wharf/8"]


def test_a_plan_counts_and_changes_nothing(world: World) -> None:
    before = {path: path.read_bytes() for path in world.settings.pages.rglob("*") if path.is_file()}
    plan = pruning.planned(world.db, world.settings, world.scope(), pages=True, history=True)
    assert (plan.pages, plan.erased_pages, len(plan.whole)) == (5, 2, 1)
    assert plan.freed_bytes == sum(len(data) for path, data in before.items() if "older" in str(path))
    assert world.kept() == ALL
    assert {path: path.read_bytes() for path in before} == before


def test_old_pages_go_and_those_of_what_is_out_stay(world: World) -> None:
    assert world.count(PublicationRow) == 8
    world.prune(world.scope())
    assert world.kept() == ["harbour/1", "harbour/7", "wharf/8"]
    assert not list((world.settings.pages / "older").rglob("*.gz"))
    assert b"page 2<" not in b"".join(bodies(world.settings.pages / "old"))
    assert world.count(ArticleRow) == 8
    assert world.db.integrity() == "ok"
    (noted,) = audit.entries(world.db, limit=5)
    assert (noted.action.who, noted.action.action) == ("ada", "prune")
    assert "kept pages: 5" in (noted.action.after or "")


def test_a_file_in_which_some_pages_were_erased_goes_with_the_last(world: World) -> None:
    world.prune(world.scope(outlets=("wharf",)))
    assert list((world.settings.pages / "old").rglob("*.gz"))
    world.prune(world.scope(with_published=True))
    assert not list((world.settings.pages / "old").rglob("*.gz"))


def bodies(folder: Path) -> list[bytes]:
    found = []
    for path in folder.rglob("*.gz"):
        with path.open("rb") as file:
            found += [record.content_stream().read() for record in ArchiveIterator(file)]
    return found


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"with_published": True}, ["harbour/7", "wharf/8"]),
        ({"outlets": ("harbour",)}, ALL),
        ({"outlets": ("harbour",), "with_published": True}, ALL[1:]),
        ({"modes": (RightsMode.NEVER,)}, ["harbour/1", "harbour/7", "wharf/8"]),
        ({"modes": (RightsMode.EXCERPT,), "outlets": ("wharf",)}, ALL),
        ({"days": 205}, ["harbour/1", "harbour/7", "wharf/2", "wharf/3", "wharf/8"]),
    ],
    ids=str,
)
def test_outlets_rights_and_age_bound_what_goes(
    world: World, changes: dict[str, object], left: list[str]
) -> None:
    world.prune(world.scope(**changes))  # type: ignore[arg-type]
    assert world.kept() == left


def test_a_record_that_something_else_needs_stays(world: World) -> None:
    with world.db.session() as session:
        (row,) = session.execute(select(FetchRow).where(FetchRow.url.like("%wharf%/2"))).scalars()
        values = {c.name: getattr(row, c.name) for c in FetchRow.__table__.columns if c.name != "id"}
        session.add(FetchRow(**values | {"at": world.at}))
    world.prune(world.scope())
    assert "wharf/2" in world.kept()


def test_pruning_that_was_cut_off_is_gone_on_with(world: World) -> None:
    for path in (world.settings.pages / "older").rglob("*.gz"):
        path.unlink()  # as far as it had come: the file is gone, its rows are not
    with pytest.raises(ArchiveError):
        world.kept()
    world.prune(world.scope())
    assert world.kept() == ["harbour/1", "harbour/7", "wharf/8"]
    assert world.prune(world.scope()).pages == 0


def visits(db: Database, moments: list[datetime], run: int | None = None) -> None:
    with db.session() as session:
        for moment in moments:
            session.add(
                SeedVisitRow(
                    outlet="wharf", seed_kind="feed", seed_url="https://wharf.example/feed", reason="stored",
                    found=1, new=0, at=moment, run_id=run,
                )
            )  # fmt: skip


def test_history_goes_but_for_what_crawls_know_addresses_and_seeds_by(world: World, tmp_path: Path) -> None:
    again = [page(sample(number, outlet="wharf"), archived=None) for number in (2, 2, 3)]
    for each in again:
        articles.save(world.db, None, [each])
    with world.db.session() as session:
        old = world.at - OLD
        session.execute(update(FetchRow).where(FetchRow.archive_file.is_(None)).values(at=old))
        session.execute(delete(OutletHourRow))
        session.add_all(OutletHourRow(**hour("wharf", moment)) for moment in (old, world.at))
    visits(world.db, [world.at - OLD] * 3)
    world.prune(world.scope(), history=True)
    with world.db.reading() as session:
        numbers = session.execute(select(FetchRow.url, func.count()).group_by(FetchRow.url)).all()
    assert sorted(count for _, count in numbers) == [1] * 8
    assert world.count(SeedVisitRow) == 1
    assert world.count(OutletHourRow) == 1
    assert world.db.integrity() == "ok"
    assert dump(world.db, tmp_path / "news.sqlite3").rows["article"] == 8


def test_crawls_of_which_nothing_is_left_go_with_their_slips_but_for_the_last(world: World) -> None:
    def run(age: timedelta, *slugs: str, state: RunState = RunState.FINISHED) -> int:
        number = crawls.start_run(world.db, slugs, 1, at=world.at - age)
        crawls.end_run(world.db, number, state, at=world.at - age)
        return number

    empty, brought = run(OLD, "harbour", "wharf"), run(OLD, "harbour")
    articles.save(world.db, brought, [page(sample(77, outlet="harbour"), archived=None)])
    followed, last = run(OLD, "harbour"), run(OLD, "wharf")
    cut = run(timedelta(days=1), "wharf", state=RunState.INTERRUPTED)
    new = run(timedelta(days=1), "harbour")
    due = [world.at - OLD, world.at]
    slips.note(world.db, [Slip("harbour", SlipKind.MISSED, at, at) for at in due])
    visits(world.db, [world.at - OLD] * 2, empty)
    narrow = world.prune(world.scope(outlets=("harbour",)), pages=False, history=True)
    assert "crawl_run" not in narrow.rows
    plan = world.prune(world.scope(), pages=False, history=True)
    with world.db.reading() as session:
        left = set(session.execute(select(CrawlRunRow.id)).scalars())
    # Of the first crawl's seed the last visit stays, and so does the crawl.
    assert left == {empty, brought, last, cut, new}
    assert plan.rows["crawl_run"] == 1
    assert followed not in left
    assert [one.slip.due_at for one in slips.listed(world.db)] == [world.at]
    visits(world.db, [world.at], new)
    assert world.prune(world.scope(), pages=False, history=True).rows["crawl_run"] == 1
    assert world.count(CrawlRunRow) == 4
    assert world.db.integrity() == "ok"


def hour(slug: str, moment: datetime) -> dict[str, object]:
    needed = {
        column.name: [] if "JSON" in str(column.type) else 0
        for column in OutletHourRow.__table__.columns
        if not column.nullable
    }
    return needed | {"outlet": slug, "hour": moment.replace(minute=0, second=0, microsecond=0)}


def test_what_the_machine_still_needs_may_not_go(world: World) -> None:
    with pytest.raises(PruneError, match="60 days"):
        pruning.planned(world.db, world.settings, world.scope(59), pages=False, history=True)
    with pytest.raises(PruneError, match="2 days"):
        pruning.planned(world.db, world.settings, world.scope(1), pages=True, history=False)


def test_command_tells_first_and_does_it_when_told(tmp_path: Path, migrated_sqlite: bytes) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "aggregator.sqlite3").write_bytes(migrated_sqlite)
    told = aggregator(tmp_path, "prune", "--older-than", "90")
    assert told.returncode == 0, told.stderr
    assert "Nothing was changed" in told.stdout
    done = aggregator(tmp_path, "prune", "--older-than", "90", "--yes", "--json")
    assert json.loads(done.stdout)["done"] is True
    assert aggregator(tmp_path, "prune", "--older-than", "9", "--yes").returncode == 64
