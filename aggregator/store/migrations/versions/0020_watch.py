"""The source watch: hours of outlets, what is usual there, alarms, robots.txt."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aggregator.store.tables.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "watch_progress",
        sa.Column("id", KEY, nullable=False, comment="1: there is one row"),
        sa.Column(
            "hour", UtcDateTime(), nullable=False, comment="hours before this one are counted for good"
        ),
        sa.Column(
            "before_fetch", KEY, nullable=False, comment="the fetches up to this number are in those hours"
        ),
        sa.Column(
            "before_visit", KEY, nullable=False, comment="the visits up to this number are in those hours"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_watch_progress"),
        comment="how far pages and visits are counted by hours",
    )
    op.create_table(
        "outlet_hour",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("hour", UtcDateTime(), nullable=False, comment="the hour's beginning, UTC"),
        sa.Column(
            "visits", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="looks at its seeds"
        ),
        sa.Column(
            "visits_failed",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="those that failed",
        ),
        sa.Column(
            "found",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="entries that the seeds listed",
        ),
        sa.Column(
            "new",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="those that were not known before",
        ),
        sa.Column(
            "stored",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages that became new articles",
        ),
        sa.Column(
            "copies",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages that were copies of others",
        ),
        sa.Column(
            "revisions",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages that became revisions",
        ),
        sa.Column(
            "unchanged",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages that had not changed",
        ),
        sa.Column(
            "no_article",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages dropped because no article was found on them",
        ),
        sa.Column(
            "forbidden",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages that robots.txt forbade",
        ),
        sa.Column(
            "dropped",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages dropped for other reasons",
        ),
        sa.Column(
            "failed_hard",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages that failed for good",
        ),
        sa.Column(
            "failed_soft",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages that failed and may not",
        ),
        sa.Column(
            "failed_temporary",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="pages that failed for the moment",
        ),
        sa.Column(
            "headlines",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="articles with a headline of their own",
        ),
        sa.Column(
            "bylines",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="articles with a byline",
        ),
        sa.Column(
            "dates", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="articles with a date"
        ),
        sa.Column(
            "images",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="articles with a picture",
        ),
        sa.Column(
            "complete",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="articles whose text is whole",
        ),
        sa.Column(
            "foreign",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="articles in another language than the outlet's",
        ),
        sa.Column(
            "future",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="articles dated later than they were fetched",
        ),
        sa.Column(
            "chars",
            JSON,
            nullable=False,
            comment="lengths of the articles' texts in characters, a JSON list; of 50 at most",
        ),
        sa.Column(
            "cuts",
            JSON,
            nullable=False,
            comment="of each the share that was cut as boilerplate, in thousandths, a JSON list",
        ),
        sa.Column(
            "ages",
            JSON,
            nullable=False,
            comment="minutes from date to fetch of those with a date, a JSON list",
        ),
        sa.Column("last_article", KEY, nullable=True, comment="number of the newest article"),
        sa.Column("last_fetch", KEY, nullable=True, comment="number of that article's fetch"),
        sa.Column("arrived_at", UtcDateTime(), nullable=True, comment="when the last new article came"),
        sa.Column("answered_at", UtcDateTime(), nullable=True, comment="when a seed answered last"),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name="fk_outlet_hour_outlet"),
        sa.PrimaryKeyConstraint("outlet", "hour", name="pk_outlet_hour"),
        comment="what each outlet's crawls brought, by hours",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outlet_hour_hour", "outlet_hour", ["hour"], unique=False)
    op.create_table(
        "outlet_usual",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("learned_at", UtcDateTime(), nullable=False, comment="when this was learned"),
        sa.Column(
            "usual",
            JSON,
            nullable=False,
            comment="the expectations as JSON, as aggregator.model.watched.Usual describes them",
        ),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name="fk_outlet_usual_outlet"),
        sa.PrimaryKeyConstraint("outlet", name="pk_outlet_usual"),
        comment="what each outlet does usually, learned from its last weeks",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "robots_file",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("origin", sa.Text(), nullable=False, comment="scheme and host, such as https://a.example"),
        sa.Column("checked_at", UtcDateTime(), nullable=False, comment="when it was read last"),
        sa.Column("status", sa.Integer(), nullable=True, comment="HTTP status; null if no answer came"),
        sa.Column(
            "rules", sa.Text(), nullable=False, comment="its rules, without comments and what is no rule"
        ),
        sa.Column("rules_hash", sa.Text(), nullable=False, comment="SHA-256 of the rules, in hex"),
        sa.Column("known_rules", sa.Text(), nullable=False, comment="the rules that count as known"),
        sa.Column(
            "known_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the rules that count as known, in hex",
        ),
        sa.Column(
            "changed_at",
            UtcDateTime(),
            nullable=True,
            comment="when other rules than the known ones were found first; null while they are the same",
        ),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name="fk_robots_file_outlet"),
        sa.PrimaryKeyConstraint("outlet", "origin", name="pk_robots_file"),
        comment="robots.txt of the outlets' hosts: what stands in them, what stood",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alarm",
        sa.Column("id", KEY, nullable=False, comment="number of the alarm"),
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="what is wrong: silent, thin, failing, coverage, layout, ...",
        ),
        sa.Column(
            "aspect",
            sa.Text(),
            nullable=False,
            comment="the field, the seed or the host that it is about, else empty",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="raised, acknowledged or resolved"),
        sa.Column("since", UtcDateTime(), nullable=False, comment="when it began, as far as can be told"),
        sa.Column("raised_at", UtcDateTime(), nullable=False, comment="when it was noticed"),
        sa.Column("seen_at", UtcDateTime(), nullable=False, comment="when it was found last"),
        sa.Column("cause", sa.Text(), nullable=False, comment="the cause in a word, such as failed/dns"),
        sa.Column("words", sa.Text(), nullable=False, comment="one line for people"),
        sa.Column("expected", sa.Double(), nullable=True, comment="what the outlet's own past lets expect"),
        sa.Column("observed", sa.Double(), nullable=True, comment="what came instead"),
        sa.Column(
            "samples", sa.Integer(), nullable=False, comment="articles, visits or hours that it was seen in"
        ),
        sa.Column(
            "group_id",
            KEY,
            nullable=True,
            comment="number of the first of the alarms that came together, by one cause",
        ),
        sa.Column("last_good_article", KEY, nullable=True, comment="the newest article of before it began"),
        sa.Column("last_good_fetch", KEY, nullable=True, comment="that article's fetch"),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True, comment="when a person had seen it"),
        sa.Column("acknowledged_by", sa.Text(), nullable=True, comment="who that was"),
        sa.Column("note", sa.Text(), nullable=True, comment="what that person said of it"),
        sa.Column("resolved_at", UtcDateTime(), nullable=True, comment="when it was over"),
        sa.Column("resolved_by", sa.Text(), nullable=True, comment="who ended it; null if it went by itself"),
        sa.ForeignKeyConstraint(
            ["last_good_article"], ["article.id"], name="fk_alarm_last_good_article", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["last_good_fetch"], ["fetch.id"], name="fk_alarm_last_good_fetch", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name="fk_alarm_outlet"),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
        comment="what the source watch found wrong at outlets",
    )
    op.create_index("ix_alarm_group_id", "alarm", ["group_id"], unique=False)
    op.create_index(
        "ix_alarm_open",
        "alarm",
        ["outlet", "kind", "aspect"],
        unique=True,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index("ix_alarm_raised_at", "alarm", ["raised_at"], unique=False)
    op.create_table(
        "alarm_notice",
        sa.Column("id", KEY, nullable=False, comment="number of the notice"),
        sa.Column("target", sa.Text(), nullable=False, comment="mail, or the webhook's name in the settings"),
        sa.Column("alarm_id", KEY, nullable=False, comment="the alarm"),
        sa.Column("event", sa.Text(), nullable=False, comment="raised or resolved"),
        sa.Column("state", sa.Text(), nullable=False, comment="waiting, delivered, dropped or failed"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="how often it was tried"),
        sa.Column("due_at", UtcDateTime(), nullable=False, comment="when it is tried next, or was ended"),
        sa.Column("detail", sa.Text(), nullable=True, comment="one line on how the last attempt ended"),
        sa.ForeignKeyConstraint(
            ["alarm_id"], ["alarm.id"], name="fk_alarm_notice_alarm_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_notice"),
        sa.UniqueConstraint("target", "alarm_id", "event", name="uq_alarm_notice_target_alarm_id_event"),
        comment="news of alarms on their way to mail and webhooks",
    )
    op.create_index("ix_alarm_notice_alarm_id", "alarm_notice", ["alarm_id"], unique=False)
    op.create_index(
        "ix_alarm_notice_awaits",
        "alarm_notice",
        ["target", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_table("watch_progress")
    op.drop_table("robots_file")
    op.drop_table("outlet_usual")
    op.drop_table("outlet_hour")
    op.drop_table("alarm_notice")
    op.drop_table("alarm")
