"""The table of shingles: read and written in a few statements for a whole batch."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.dedupe.shingles import SCHEME
from aggregator.store.buckets import Posting, buckets_of, growth, holders, packed, parents, split
from aggregator.store.tables.article import ArticleRow
from aggregator.store.tables.shingle import ShingleBucketRow, ShingleSchemeRow

_BUCKET_BITS: Final = 31
_PERIOD_BITS: Final = 18
_FIRST_PERIOD: Final = -(1 << (_PERIOD_BITS - 1))

# One parameter for thousands of values: binding each would cost more than looking it up. PostgreSQL would
# rather read the whole table than thousands of its rows; the LIMIT keeps it from that.
_READ: Final = {
    "sqlite": text(
        "SELECT s.id, s.postings FROM json_each(:ids) wanted "
        "CROSS JOIN shingle_bucket s ON s.id = wanted.value"
    ),
    "postgresql": text(
        "SELECT s.id, s.postings FROM unnest(CAST(:ids AS bigint[])) wanted CROSS JOIN LATERAL "
        "(SELECT id, postings FROM shingle_bucket WHERE id = wanted LIMIT 1) s"
    ),
}
_WRITE_SQLITE: Final = (
    "INSERT INTO shingle_bucket (id, postings) VALUES (?, ?) "
    "ON CONFLICT (id) DO UPDATE SET postings = excluded.postings"
)
_WRITE_POSTGRESQL: Final = text(
    "INSERT INTO shingle_bucket (id, postings) "
    "SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:postings AS bytea[])) "
    "ON CONFLICT (id) DO UPDATE SET postings = excluded.postings"
)

Row = tuple[int, int, int]
"""A period, a shingle's hash, and the number of an article that holds it."""


class Shingles:
    """The shingles of one scheme, within one transaction; the caller is the only writer."""

    def __init__(self, session: Session, scheme: int = SCHEME) -> None:
        self._session = session
        self._scheme = scheme
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._buckets: dict[int, int] = {}

    def find(self, wanted: Mapping[int, Iterable[int]]) -> Iterator[Row]:
        """Who holds the hashes that are wanted, given by period."""
        asked: dict[int, list[int]] = defaultdict(list)
        periods: dict[int, int] = {}
        for period, rows in wanted.items():
            if buckets := self._count(period):
                base, asking = bucket_id(self._scheme, period, 0), list(rows)
                periods[base >> _BUCKET_BITS] = period
                for row, bucket in zip(asking, buckets_of(asking, buckets), strict=True):
                    asked[base + bucket].append(row)
        for bucket, postings in self._read(asked):
            for row in asked[bucket]:
                for article_id in holders(postings, row):
                    yield periods[bucket >> _BUCKET_BITS], row, article_id

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows that are not there yet."""
        new: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for period, row, article_id in rows:
            new[period].append((row, article_id))
        changed: dict[int, bytes] = {}
        for period, postings in new.items():
            changed.update(self._changed(period, postings))
        self._write(changed)

    def _changed(self, period: int, postings: Sequence[Posting]) -> dict[int, bytes]:
        """The new content of a period's buckets, some of them new, by their numbers in the table."""
        count, base = self._count(period), bucket_id(self._scheme, period, 0)
        buckets = max(count, 1)
        parts: dict[int, list[bytes]] = defaultdict(list)
        places = buckets_of((row for row, _ in postings), buckets)
        for bucket, (row, article_id) in zip(places, postings, strict=True):
            parts[bucket].append(packed(row, article_id))
        held = {id_ - base: old for id_, old in self._read(base + bucket for bucket in parts)}
        touched = {bucket: held.get(bucket, b"") + b"".join(more) for bucket, more in parts.items()}
        more = growth(touched.values())
        missing = parents(buckets, more) - touched.keys()
        held |= {id_ - base: old for id_, old in self._read(base + bucket for bucket in missing)}
        touched |= split(held | touched, buckets, more)
        self._buckets[period] = buckets + more
        return {base + bucket: content for bucket, content in touched.items()}

    def _count(self, period: int) -> int:
        """How many buckets a period has."""
        if period not in self._buckets:
            first = bucket_id(self._scheme, period, 0)
            column = ShingleBucketRow.id
            query = select(func.max(column)).where(column >= first, column < first + (1 << _BUCKET_BITS))
            last = self._session.execute(query).scalar()
            self._buckets[period] = 0 if last is None else last - first + 1
        return self._buckets[period]

    def _read(self, ids: Iterable[int]) -> Sequence[tuple[int, bytes]]:
        wanted = sorted(ids)
        if not wanted:
            return []
        if self._is_sqlite:
            found = self._session.execute(_READ["sqlite"], {"ids": json.dumps(wanted, separators=(",", ":"))})
        else:
            found = self._session.execute(_READ["postgresql"], {"ids": _array(map(str, wanted))})
        return [(id_, postings) for id_, postings in found.all()]

    def _write(self, contents: Mapping[int, bytes]) -> None:
        """Write buckets, sorted as the table is."""
        if not contents:
            return
        pairs = sorted(contents.items())
        if self._is_sqlite:
            self._session.connection().exec_driver_sql(_WRITE_SQLITE, pairs)
        else:
            postings = _array(f'"\\\\x{one.hex()}"' for _, one in pairs)
            ids = _array(str(id_) for id_, _ in pairs)
            self._session.execute(_WRITE_POSTGRESQL, {"ids": ids, "postings": postings})


def bucket_id(scheme: int, period: int | None, bucket: int) -> int:
    """The number under which a bucket stands in the table; of the first possible period if that is None."""
    era = 0 if period is None else period - _FIRST_PERIOD
    return ((scheme << _PERIOD_BITS) + era << _BUCKET_BITS) + bucket


def note_scheme(session: Session) -> None:
    """See that the store knows today's scheme, and which articles were stored before it."""
    if session.get(ShingleSchemeRow, SCHEME) is not None:
        return
    newest = session.execute(select(func.max(ArticleRow.id))).scalar() or 0
    row = ShingleSchemeRow(scheme=SCHEME, missing_to=newest, done_to=0)
    if newest == 0:
        row.through, row.finished_at = 0, now()
    session.add(row)
    session.flush()


def _array(values: Iterable[str]) -> str:
    """An array as PostgreSQL writes it: the driver's own way to write one takes longer than the statement."""
    return f"{{{','.join(values)}}}"
