"""Extracting anew: stored articles, read again from their kept pages by what is known today."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aggregator import archive
from aggregator.config import Settings
from aggregator.errors import AggregatorError, ArchiveError
from aggregator.extract import edition, read_also
from aggregator.extract.check import fault
from aggregator.extract.headlines import Headlines
from aggregator.extract.learned import Learned
from aggregator.extract.pool import ExtractorPool, core_count
from aggregator.model.article import Article
from aggregator.model.edition import StoredArticle
from aggregator.model.outlet import Outlet, Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage, Reservation
from aggregator.store import boilerplate, headlines, lengths, reextraction
from aggregator.store.engine import Database
from aggregator.store.reextraction import Change, Reread

BATCH = 32
"""Pages under way at once, and articles in one transaction: what a kill takes back."""


class Outcome(StrEnum):
    """What became of an article."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED_NO_PAGE = "skipped/no-page"
    SKIPPED_PAGE_GONE = "skipped/page-gone"
    SKIPPED_PAGE_BROKEN = "skipped/page-broken"
    SKIPPED_NOT_EXTRACTED = "skipped/not-extracted"
    SKIPPED_OVERTAKEN = "skipped/overtaken"


@dataclass(frozen=True, slots=True)
class Reextracted:
    """An article that was read again, as ``article``; ``fields`` changed.

    ``chars`` is its text's length before and after.
    """

    stored: StoredArticle
    outcome: Outcome
    fields: tuple[str, ...] = ()
    chars: tuple[int, int] = (0, 0)
    detail: str | None = None
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The work on one outlet: how many articles wait, and by what they are extracted."""

    outlet: str
    rules: Rules
    homepage: str | None
    usual_chars: int | None
    learned: Learned
    headlines: Headlines
    stamp: str
    articles: int


def plan(
    db: Database,
    cards: Mapping[str, Outlet],
    slugs: Sequence[str],
    *,
    since: datetime | None = None,
    is_dry: bool = False,
) -> list[Plan]:
    """What there is to do for these outlets, or for all that have articles.

    Articles that were stored before crawls learned teach first, so that all are cleaned by the same memory.
    """
    made = []
    for slug in slugs or reextraction.outlets_with_articles(db):
        card = cards.get(slug)
        rules = card.rules if card else Rules()
        learned = _memory(db, slug, is_dry=is_dry)
        stamp = edition.stamp(rules, learned)
        count = reextraction.count(db, slug, stamp, since=since)
        known = headlines.every(db, slug) if count else []
        titles = Headlines(known, most=len(known))
        usual = lengths.usual_chars(db, slug)
        home = card.homepage if card else None
        made.append(Plan(slug, rules, home, usual, learned, titles, stamp, count))
    return made


def _memory(db: Database, slug: str, *, is_dry: bool) -> Learned:
    if not is_dry:
        reextraction.catch_up(db, slug)
        return boilerplate.load(db, slug)
    learned = boilerplate.load(db, slug)
    for article in reextraction.untaught(db, slug):
        learned.learn(article)
    return learned


def reextract(
    db: Database,
    settings: Settings,
    plans: Sequence[Plan],
    *,
    since: datetime | None = None,
    is_dry: bool = False,
    pages: Path | None = None,
) -> Iterator[Reextracted]:
    """Extract the planned articles anew and store what is better; one result for each, as they are done.

    It may be killed and started again: what was done under the same rules and knowledge is not done twice.
    ``is_dry`` writes nothing. ``pages`` is the archive's folder if that is not the settings' own.
    """
    folder = pages or settings.path(settings.pages)
    with ExtractorPool(settings.crawl.processes or core_count(), settings.crawl.page_seconds) as pool:
        for each in plans:
            last = 0
            while stored := reextraction.waiting(
                db, each.outlet, each.stamp, since=since, after=last, limit=BATCH
            ):
                last = stored[-1].id
                yield from _Batch(db, each, is_dry=is_dry).run(stored, folder, pool)


class _Batch:
    """One batch of an outlet's articles."""

    def __init__(self, db: Database, plan: Plan, *, is_dry: bool) -> None:
        self._db, self._plan, self._is_dry = db, plan, is_dry
        self._failed: list[int] = []

    def run(
        self, stored: Sequence[StoredArticle], folder: Path, pool: ExtractorPool
    ) -> Iterator[Reextracted]:
        """Read, extract, compare and write them; the pages are extracted side by side."""
        asked = [(each, self._ask(each, folder, pool)) for each in stored]
        answers = [(each, self._answer(each, asking)) for each, asking in asked]
        rereads = [answer for _, answer in answers if isinstance(answer, Reread)]
        if self._is_dry:
            changes = reextraction.differences(self._db, rereads)
        else:
            changes = reextraction.save(self._db, rereads, self._plan.stamp)
            reextraction.settle(self._db, self._failed, self._plan.stamp)
        done = iter(changes)
        for each, answer in answers:
            yield _result(each, answer, next(done)) if isinstance(answer, Reread) else answer

    def _ask(self, stored: StoredArticle, folder: Path, pool: ExtractorPool) -> Future[Article] | Reextracted:
        if stored.archived is None:
            return Reextracted(stored, Outcome.SKIPPED_NO_PAGE)
        if not (folder / stored.archived.file).is_file():
            return Reextracted(stored, Outcome.SKIPPED_PAGE_GONE, detail=str(folder / stored.archived.file))
        try:
            page = _page(stored, folder)
        except ArchiveError as error:
            return Reextracted(stored, Outcome.SKIPPED_PAGE_BROKEN, detail=str(error))
        plan = self._plan
        return pool.submit(page, plan.rules, plan.homepage, usual_chars=plan.usual_chars)

    def _answer(self, stored: StoredArticle, asked: Future[Article] | Reextracted) -> Reread | Reextracted:
        if isinstance(asked, Reextracted):
            return asked
        try:
            uncut = asked.result()
        except AggregatorError as error:
            return self._fail(stored, str(error))
        article = self._plan.learned.clean(read_also.again(uncut, self._plan.headlines))
        if found := fault(article):
            return self._fail(stored, found.detail)
        return Reread(stored, article, None if article is uncut else uncut)

    def _fail(self, stored: StoredArticle, detail: str) -> Reextracted:
        self._failed.append(stored.id)
        return Reextracted(stored, Outcome.SKIPPED_NOT_EXTRACTED, detail=detail)


def _result(stored: StoredArticle, reread: Reread, change: Change) -> Reextracted:
    if not change.is_done:
        return Reextracted(stored, Outcome.SKIPPED_OVERTAKEN)
    outcome = Outcome.CHANGED if change.fields else Outcome.UNCHANGED
    chars = (len(stored.article.body), len(reread.article.body))
    return Reextracted(stored, outcome, change.fields, chars, article=reread.article)


def _page(stored: StoredArticle, folder: Path) -> FetchedPage:
    """The kept page, with what its entry told of the article.

    Raises:
        ArchiveError: the record is damaged, or another page lies there.
    """
    article, ref = stored.article, stored.archived
    assert ref is not None  # noqa: S101 - whoever calls has looked
    page = archive.fetched(folder, ref, article.outlet, _entry(article), article.fetched_at)
    if page.url != article.url:
        raise ArchiveError(f"{folder / ref.file}: another page at byte {ref.offset_bytes}: {page.url}")
    return replace(page, reservation=_reservation(article))


def _entry(article: Article) -> Entry:
    """The entry, as far as fields of the article came from it: entries are not kept, and pages say less."""
    told = {origin.field for origin in article.origins if origin.source.startswith("entry:")}
    return Entry(
        article.url,
        Seed(SeedKind.FEED, article.url),
        headline=article.headline if "headline" in told else None,
        dek=article.dek if "dek" in told else None,
        byline=article.byline if "byline" in told else (),
        published=article.published if "published" in told else None,
        updated=article.modified if "modified" in told else None,
        licence=_told(article, "entry:licence"),
        rights=_told(article, "entry:rights"),
    )


def _told(article: Article, source: str) -> str | None:
    """The licence that the entry named, whether or not the page's own went before it."""
    if any(origin.field == "licence" and origin.source == source for origin in article.origins):
        return article.licence
    return next((one.value for one in article.losers if (one.field, one.source) == ("licence", source)), None)


def _reservation(article: Article) -> Reservation | None:
    """What the host's own file said, which is not kept with the page."""
    sources = [origin.source for origin in article.origins if origin.field == "tdm_reserved"]
    hosts = [source for source in sources if source.startswith("file:")]
    return Reservation(hosts[0], article.tdm_policy) if hosts else None
