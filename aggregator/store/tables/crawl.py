"""The tables of the crawl: runs, the pages they fetched, the seeds they visited."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class OutletRow(Base):
    """A publisher."""

    __tablename__ = "outlet"
    __table_args__ = ({"comment": "publishers, as their cards describe them"},)

    slug: Mapped[str] = mapped_column(primary_key=True, comment="the outlet's short name, as its card's file")
    name: Mapped[str] = mapped_column(comment="the name that readers see")
    homepage: Mapped[str] = mapped_column(comment="URL of the outlet's home page")
    language: Mapped[str] = mapped_column(comment="BCP 47 tag of its main language")
    country: Mapped[str] = mapped_column(comment="ISO 3166-1 alpha-2 code of its country")
    licence: Mapped[str | None] = mapped_column(comment="SPDX id, or the outlet's words for its licence")
    licence_url: Mapped[str | None] = mapped_column(comment="where the licence stands")
    mode: Mapped[str] = mapped_column(comment="how much may be republished: full, excerpt, link or never")
    feed: Mapped[str | None] = mapped_column(comment="URL of its own feed, the first on its card")
    canonical: Mapped[bool] = mapped_column(
        server_default=true(), comment="true: full copies name the original as their canonical page"
    )
    noindex: Mapped[bool] = mapped_column(
        server_default=true(), comment="true: full copies ask search engines to leave them out"
    )
    is_active: Mapped[bool] = mapped_column(comment="false once the outlet's card is gone or paused")
    synced_at: Mapped[datetime] = mapped_column(comment="when this row last followed its card")


class CrawlRunRow(Base):
    """One crawl of a batch of outlets."""

    __tablename__ = "crawl_run"
    __table_args__ = ({"comment": "crawls, each of a batch of outlets"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the run")
    state: Mapped[str] = mapped_column(index=True, comment="running, finished, failed or interrupted")
    pid: Mapped[int] = mapped_column(comment="process id of the crawl")
    process: Mapped[str | None] = mapped_column(
        comment="what tells this process from a later one with the same id"
    )
    machine: Mapped[str] = mapped_column(comment="host name of the machine that the crawl ran on")
    started_at: Mapped[datetime] = mapped_column(comment="when the run started")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when the run ended, or was found dead")
    detail: Mapped[str | None] = mapped_column(comment="one line on how it ended")


class CrawlRunOutletRow(Base):
    """An outlet of a crawl's batch."""

    __tablename__ = "crawl_run_outlet"
    __table_args__ = (
        Index(None, "outlet", "run_id"),
        {"comment": "which outlets a crawl run took", "sqlite_with_rowid": False},
    )

    run_id: Mapped[int] = mapped_column(
        Key, ForeignKey("crawl_run.id", ondelete="CASCADE"), primary_key=True, comment="the crawl run"
    )
    position: Mapped[int] = mapped_column(primary_key=True, comment="place in the batch, from 0")
    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), comment="the outlet")


class FetchRow(Base):
    """A page that ended; exactly one row each time."""

    __tablename__ = "fetch"
    __table_args__ = (
        # Seen URLs are looked up by outlet and key, newest first, among millions of rows.
        Index(None, "outlet", "url_key", "id"),
        Index(None, "run_id", "outlet", "reason"),
        {"comment": "pages that ended, one row for each time that one was tried"},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the fetch")
    run_id: Mapped[int | None] = mapped_column(Key, ForeignKey("crawl_run.id"), comment="the crawl run")
    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), comment="the outlet")
    url: Mapped[str] = mapped_column(comment="URL of the entry, as the seed gave it")
    url_key: Mapped[str] = mapped_column(comment="identity of the URL, 32 hex digits")
    reason: Mapped[str] = mapped_column(comment="how the page ended: stored, unchanged, failed/timeout, ...")
    status: Mapped[int | None] = mapped_column(comment="HTTP status; null if no answer came")
    detail: Mapped[str | None] = mapped_column(comment="one line for people on what went wrong")
    at: Mapped[datetime] = mapped_column(comment="when the page ended")
    article_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("article.id"), index=True, comment="the article that the page became or already was"
    )
    attempt: Mapped[int] = mapped_column(comment="how often in a row this URL has failed; 0 if not")
    entry_updated: Mapped[datetime | None] = mapped_column(comment="when the seed says it was changed")
    etag: Mapped[str | None] = mapped_column(comment="the answer's ETag")
    last_modified: Mapped[str | None] = mapped_column(comment="the answer's Last-Modified")
    body_sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the answer's body, in hex")
    archive_file: Mapped[str | None] = mapped_column(comment="WARC file that holds the page")
    archive_offset_bytes: Mapped[int | None] = mapped_column(Key, comment="where its record starts")
    archive_length_bytes: Mapped[int | None] = mapped_column(Key, comment="how long its record is")


class SeedVisitRow(Base):
    """One look at a feed, sitemap or section page."""

    __tablename__ = "seed_visit"
    __table_args__ = (
        Index(None, "seed_url", "id"),
        Index(None, "outlet", "id"),
        # What a crawl looked at is shown beside an article, and an old crawl goes once nothing is left of it.
        Index(None, "run_id", "outlet"),
        {"comment": "looks at feeds, sitemaps and section pages"},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the visit")
    run_id: Mapped[int | None] = mapped_column(Key, ForeignKey("crawl_run.id"), comment="the crawl run")
    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), comment="the outlet")
    seed_kind: Mapped[str] = mapped_column(comment="feed, sitemap or section")
    seed_url: Mapped[str] = mapped_column(comment="URL of the seed")
    reason: Mapped[str] = mapped_column(comment="how the visit ended: stored, unchanged, failed/timeout, ...")
    status: Mapped[int | None] = mapped_column(comment="HTTP status; null if no answer came")
    detail: Mapped[str | None] = mapped_column(comment="one line for people on what went wrong")
    etag: Mapped[str | None] = mapped_column(comment="the answer's ETag")
    last_modified: Mapped[str | None] = mapped_column(comment="the answer's Last-Modified")
    body_sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the answer's body, in hex")
    found: Mapped[int] = mapped_column(comment="how many entries the seed listed")
    new: Mapped[int] = mapped_column(comment="how many of them were not known before")
    at: Mapped[datetime] = mapped_column(comment="when the visit ended")


class HostWaitRow(Base):
    """A host that asked to be left alone for a while."""

    __tablename__ = "host_wait"
    __table_args__ = ({"comment": "hosts that asked for a pause longer than a crawl (Retry-After)"},)

    host: Mapped[str] = mapped_column(primary_key=True, comment="host name in lower case")
    until: Mapped[datetime] = mapped_column(comment="do not ask before this moment")


class CrawlSlipRow(Base):
    """A crawl that did not begin when its schedule said. No dump has these."""

    __tablename__ = "crawl_slip"
    __table_args__ = (
        Index(None, "found_at"),
        {"comment": "crawls that did not begin when they were due", "sqlite_with_rowid": False},
    )

    outlet: Mapped[str] = mapped_column(primary_key=True, comment="the outlet")
    due_at: Mapped[datetime] = mapped_column(primary_key=True, comment="when it was due")
    kind: Mapped[str] = mapped_column(primary_key=True, comment="missed or overlapping")
    found_at: Mapped[datetime] = mapped_column(comment="when that was found, the last time")
    times: Mapped[int] = mapped_column(comment="how many moments of its schedule had passed by then")
    run_id: Mapped[int | None] = mapped_column(Key, comment="the crawl that was under way, if one was")
    after_run: Mapped[int] = mapped_column(Key, comment="the last run there was; a later one makes up for it")
