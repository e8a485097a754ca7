"""The tables of the source watch: alarms, who is told of them, and what they are drawn from."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, JsonList, Key

_ZERO = text("0")


class AlarmRow(Base):
    """Something wrong at an outlet."""

    __tablename__ = "alarm"
    __table_args__ = (
        # One alarm a cause, whoever looks at the same moment.
        Index(
            "ix_alarm_open",
            "outlet",
            "kind",
            "aspect",
            unique=True,
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
        {"comment": "what the source watch found wrong at outlets"},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the alarm")
    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), comment="the outlet")
    kind: Mapped[str] = mapped_column(comment="what is wrong: silent, thin, failing, coverage, layout, ...")
    aspect: Mapped[str] = mapped_column(
        comment="the field, the seed or the host that it is about, else empty"
    )
    state: Mapped[str] = mapped_column(comment="raised, acknowledged or resolved")
    since: Mapped[datetime] = mapped_column(comment="when it began, as far as can be told")
    raised_at: Mapped[datetime] = mapped_column(index=True, comment="when it was noticed")
    seen_at: Mapped[datetime] = mapped_column(comment="when it was found last")
    cause: Mapped[str] = mapped_column(comment="the cause in a word, such as failed/dns")
    words: Mapped[str] = mapped_column(comment="one line for people")
    expected: Mapped[float | None] = mapped_column(comment="what the outlet's own past lets expect")
    observed: Mapped[float | None] = mapped_column(comment="what came instead")
    samples: Mapped[int] = mapped_column(comment="articles, visits or hours that it was seen in")
    group_id: Mapped[int | None] = mapped_column(
        Key, index=True, comment="number of the first of the alarms that came together, by one cause"
    )
    last_good_article: Mapped[int | None] = mapped_column(
        Key, ForeignKey("article.id", ondelete="SET NULL"), comment="the newest article of before it began"
    )
    last_good_fetch: Mapped[int | None] = mapped_column(
        Key, ForeignKey("fetch.id", ondelete="SET NULL"), comment="that article's fetch"
    )
    acknowledged_at: Mapped[datetime | None] = mapped_column(comment="when a person had seen it")
    acknowledged_by: Mapped[str | None] = mapped_column(comment="who that was")
    note: Mapped[str | None] = mapped_column(comment="what that person said of it")
    resolved_at: Mapped[datetime | None] = mapped_column(comment="when it was over")
    resolved_by: Mapped[str | None] = mapped_column(comment="who ended it; null if it went by itself")


class AlarmNoticeRow(Base):
    """An alarm's news on its way to somebody."""

    __tablename__ = "alarm_notice"
    __table_args__ = (
        UniqueConstraint("target", "alarm_id", "event"),
        Index(
            "ix_alarm_notice_awaits",
            "target",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        {"comment": "news of alarms on their way to mail and webhooks"},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the notice")
    target: Mapped[str] = mapped_column(comment="mail, or the webhook's name in the settings")
    alarm_id: Mapped[int] = mapped_column(
        Key, ForeignKey("alarm.id", ondelete="CASCADE"), index=True, comment="the alarm"
    )
    event: Mapped[str] = mapped_column(comment="raised or resolved")
    state: Mapped[str] = mapped_column(comment="waiting, delivered, dropped or failed")
    attempts: Mapped[int] = mapped_column(comment="how often it was tried")
    due_at: Mapped[datetime] = mapped_column(comment="when it is tried next, or was ended")
    detail: Mapped[str | None] = mapped_column(comment="one line on how the last attempt ended")


class OutletHourRow(Base):
    """What an outlet's crawls brought in an hour; the last few hours are counted anew at each look."""

    __tablename__ = "outlet_hour"
    __table_args__ = (
        Index(None, "hour"),
        {"comment": "what each outlet's crawls brought, by hours", "sqlite_with_rowid": False},
    )

    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), primary_key=True, comment="the outlet")
    hour: Mapped[datetime] = mapped_column(primary_key=True, comment="the hour's beginning, UTC")
    visits: Mapped[int] = mapped_column(server_default=_ZERO, comment="looks at its seeds")
    visits_failed: Mapped[int] = mapped_column(server_default=_ZERO, comment="those that failed")
    found: Mapped[int] = mapped_column(server_default=_ZERO, comment="entries that the seeds listed")
    new: Mapped[int] = mapped_column(server_default=_ZERO, comment="those that were not known before")
    stored: Mapped[int] = mapped_column(server_default=_ZERO, comment="pages that became new articles")
    copies: Mapped[int] = mapped_column(server_default=_ZERO, comment="pages that were copies of others")
    revisions: Mapped[int] = mapped_column(server_default=_ZERO, comment="pages that became revisions")
    unchanged: Mapped[int] = mapped_column(server_default=_ZERO, comment="pages that had not changed")
    no_article: Mapped[int] = mapped_column(
        server_default=_ZERO, comment="pages dropped because no article was found on them"
    )
    forbidden: Mapped[int] = mapped_column(server_default=_ZERO, comment="pages that robots.txt forbade")
    dropped: Mapped[int] = mapped_column(server_default=_ZERO, comment="pages dropped for other reasons")
    failed_hard: Mapped[int] = mapped_column(server_default=_ZERO, comment="pages that failed for good")
    failed_soft: Mapped[int] = mapped_column(server_default=_ZERO, comment="pages that failed and may not")
    failed_temporary: Mapped[int] = mapped_column(
        server_default=_ZERO, comment="pages that failed for the moment"
    )
    headlines: Mapped[int] = mapped_column(
        server_default=_ZERO, comment="articles with a headline of their own"
    )
    bylines: Mapped[int] = mapped_column(server_default=_ZERO, comment="articles with a byline")
    dates: Mapped[int] = mapped_column(server_default=_ZERO, comment="articles with a date")
    images: Mapped[int] = mapped_column(server_default=_ZERO, comment="articles with a picture")
    complete: Mapped[int] = mapped_column(server_default=_ZERO, comment="articles whose text is whole")
    foreign: Mapped[int] = mapped_column(
        server_default=_ZERO, comment="articles in another language than the outlet's"
    )
    future: Mapped[int] = mapped_column(
        server_default=_ZERO, comment="articles dated later than they were fetched"
    )
    chars: Mapped[list[int]] = mapped_column(
        JsonList, comment="lengths of the articles' texts in characters, a JSON list; of 50 at most"
    )
    cuts: Mapped[list[int]] = mapped_column(
        JsonList, comment="of each the share that was cut as boilerplate, in thousandths, a JSON list"
    )
    ages: Mapped[list[int]] = mapped_column(
        JsonList, comment="minutes from date to fetch of those with a date, a JSON list"
    )
    containers: Mapped[dict[str, int]] = mapped_column(
        JsonList,
        server_default=text("'{}'"),
        comment="how many texts stood in which element of their pages, a JSON object; of 50 elements",
    )
    last_article: Mapped[int | None] = mapped_column(Key, comment="number of the newest article")
    last_fetch: Mapped[int | None] = mapped_column(Key, comment="number of that article's fetch")
    arrived_at: Mapped[datetime | None] = mapped_column(comment="when the last new article came")
    answered_at: Mapped[datetime | None] = mapped_column(comment="when a seed answered last")


class OutletUsualRow(Base):
    """What an outlet does usually, as its last weeks have taught."""

    __tablename__ = "outlet_usual"
    __table_args__ = (
        {"comment": "what each outlet does usually, learned from its last weeks", "sqlite_with_rowid": False},
    )

    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), primary_key=True, comment="the outlet")
    learned_at: Mapped[datetime] = mapped_column(comment="when this was learned")
    usual: Mapped[dict[str, object]] = mapped_column(
        JsonList, comment="the expectations as JSON, as aggregator.model.watched.Usual describes them"
    )


class RobotsFileRow(Base):
    """A host's robots.txt, as the last crawls met it."""

    __tablename__ = "robots_file"
    __table_args__ = (
        {
            "comment": "robots.txt of the outlets' hosts: what stands in them, what stood",
            "sqlite_with_rowid": False,
        },
    )

    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), primary_key=True, comment="the outlet")
    origin: Mapped[str] = mapped_column(
        primary_key=True, comment="scheme and host, such as https://a.example"
    )
    checked_at: Mapped[datetime] = mapped_column(comment="when it was read last")
    status: Mapped[int | None] = mapped_column(comment="HTTP status; null if no answer came")
    rules: Mapped[str] = mapped_column(comment="its rules, without comments and what is no rule")
    rules_hash: Mapped[str] = mapped_column(comment="SHA-256 of the rules, in hex")
    known_rules: Mapped[str] = mapped_column(comment="the rules that count as known")
    known_hash: Mapped[str] = mapped_column(comment="SHA-256 of the rules that count as known, in hex")
    changed_at: Mapped[datetime | None] = mapped_column(
        comment="when other rules than the known ones were found first; null while they are the same"
    )


class WatchProgressRow(Base):
    """How far fetches and visits are counted in ``outlet_hour``."""

    __tablename__ = "watch_progress"
    __table_args__ = ({"comment": "how far pages and visits are counted by hours"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="1: there is one row")
    hour: Mapped[datetime] = mapped_column(comment="hours before this one are counted for good")
    before_fetch: Mapped[int] = mapped_column(Key, comment="the fetches up to this number are in those hours")
    before_visit: Mapped[int] = mapped_column(Key, comment="the visits up to this number are in those hours")
