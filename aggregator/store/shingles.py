"""The table of shingles: read and written in a few statements for a whole batch."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import accumulate, chain, pairwise
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.dedupe.shingles import SCHEME
from aggregator.store.buckets import Numbers, buckets_of, grouped, growth, holders, parents, split
from aggregator.store.tables.article import ArticleRow
from aggregator.store.tables.shingle import ShingleSchemeRow

_BUCKET_BITS: Final = 31
_PERIOD_BITS: Final = 18
_FIRST_PERIOD: Final = -(1 << (_PERIOD_BITS - 1))

# One parameter for thousands of values: binding each would cost more than looking it up. PostgreSQL would
# rather read the whole table than thousands of its rows; the LIMIT keeps it from that.
_READ_SQLITE: Final = (
    "SELECT s.id, s.postings FROM json_each(?) wanted CROSS JOIN shingle_bucket s ON s.id = wanted.value"
)
_LAST: Final = text("SELECT max(id) FROM shingle_bucket WHERE id >= :first AND id < :end")
# One row and three columns of bytes: thousands of rows would cost the client more than all else.
_READ_POSTGRESQL: Final = text(
    "SELECT string_agg(int8send(s.id), ''), string_agg(int4send(length(s.postings)), ''), "
    "string_agg(s.postings, '') FROM unnest(CAST(:ids AS bigint[])) wanted CROSS JOIN LATERAL "
    "(SELECT id, postings FROM shingle_bucket WHERE id = wanted LIMIT 1) s"
)
_WRITE_SQLITE: Final = (
    "INSERT INTO shingle_bucket (id, postings) VALUES (?, ?) "
    "ON CONFLICT (id) DO UPDATE SET postings = excluded.postings"
)
_WRITE_POSTGRESQL: Final = text(
    "INSERT INTO shingle_bucket (id, postings) "
    "SELECT id, substr(CAST(:postings AS bytea), start + 1, bytes) "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:starts AS int[]), CAST(:bytes AS int[])) n(id, start, bytes) "
    "ON CONFLICT (id) DO UPDATE SET postings = excluded.postings"
)

Row = tuple[int, int, int]
"""A period, a shingle's hash, and the number of an article that holds it."""


class Kept(NamedTuple):
    """Shingles of an article that are kept: their hashes, in its period."""

    period: int
    article_id: int
    rows: Sequence[int]


class Shingles:
    """The shingles of one scheme, within one transaction; the caller is the only writer."""

    def __init__(self, session: Session, scheme: int = SCHEME) -> None:
        self._session = session
        self._scheme = scheme
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._buckets: dict[int, int] = {}
        self._held: dict[int, bytes] = {}

    def find(self, wanted: Mapping[int, Iterable[int]]) -> Iterator[Row]:
        """Who holds the hashes that are wanted, given by period."""
        asked = {}
        for period, hashes in wanted.items():
            rows = np.fromiter(hashes, np.uint64)
            if len(rows) and (buckets := self._count(period)):
                base, places = bucket_id(self._scheme, period, 0), np.unique(buckets_of(rows, buckets))
                asked[period] = rows, [base + place for place in places.tolist()]
        self._read(id_ for _, ids in asked.values() for id_ in ids)
        for period, (rows, ids) in asked.items():
            for row, article_id in holders(b"".join(map(self._held.__getitem__, ids)), rows):
                yield period, row, article_id

    def add(self, kept: Iterable[Kept]) -> None:
        """Add shingles that are not there yet."""
        of_period: dict[int, list[Kept]] = defaultdict(list)
        for one in kept:
            of_period[one.period].append(one)
        changed: dict[int, bytes] = {}
        for period, new in of_period.items():
            rows = np.fromiter(chain.from_iterable(one.rows for one in new), np.uint64)
            ids = np.array([one.article_id for one in new], np.uint64)
            changed |= self._changed(period, rows, np.repeat(ids, [len(one.rows) for one in new]))
        self._write(changed)
        self._held |= changed

    def _changed(self, period: int, rows: Numbers, ids: Numbers) -> dict[int, bytes]:
        """The new content of a period's buckets, some of them new, by their numbers in the table."""
        count, base = self._count(period), bucket_id(self._scheme, period, 0)
        buckets = max(count, 1)
        parts = grouped(rows, ids, buckets)
        self._read(base + bucket for bucket in parts)
        touched = {bucket: self._held[base + bucket] + part for bucket, part in parts.items()}
        more = growth(touched.values())
        missing = parents(buckets, more) - touched.keys()
        self._read(base + bucket for bucket in missing)
        held = {bucket: self._held[base + bucket] for bucket in missing}
        touched |= split(held | touched, buckets, more)
        self._buckets[period] = buckets + more
        return {base + bucket: content for bucket, content in touched.items()}

    def _count(self, period: int) -> int:
        """How many buckets a period has."""
        if period not in self._buckets:
            first = bucket_id(self._scheme, period, 0)
            last = self._session.execute(_LAST, {"first": first, "end": first + (1 << _BUCKET_BITS)}).scalar()
            self._buckets[period] = 0 if last is None else last - first + 1
        return self._buckets[period]

    def _read(self, ids: Iterable[int]) -> None:
        """Have these buckets at hand; nobody else changes them before the transaction ends."""
        wanted = sorted(set(ids) - self._held.keys())
        if not wanted:
            return
        if self._is_sqlite:
            query = json.dumps(wanted, separators=(",", ":"))
            # The driver's own tuples: to make rows of them would cost more than to read them.
            with closing(self._session.connection().connection.cursor()) as cursor:
                cursor.execute(_READ_SQLITE, (query,))
                self._held |= dict(cursor.fetchall())
        else:
            row = self._session.execute(_READ_POSTGRESQL, {"ids": _array(wanted)}).one()
            numbers, lengths, postings = (bytes(column or b"") for column in row)
            ends = accumulate(np.frombuffer(lengths, ">i4").tolist(), initial=0)
            contents = (postings[start:end] for start, end in pairwise(ends))
            self._held |= zip(np.frombuffer(numbers, ">i8").tolist(), contents, strict=True)
        for id_ in wanted:
            self._held.setdefault(id_, b"")

    def _write(self, contents: Mapping[int, bytes]) -> None:
        """Write buckets, sorted as the table is."""
        if not contents:
            return
        pairs = sorted(contents.items())
        if self._is_sqlite:
            self._session.connection().exec_driver_sql(_WRITE_SQLITE, pairs)
            return
        sizes = [len(one) for _, one in pairs]
        given = {
            "ids": _array(id_ for id_, _ in pairs),
            "starts": _array(accumulate(sizes[:-1], initial=0)),
            "bytes": _array(sizes),
            "postings": b"".join(one for _, one in pairs),
        }
        self._session.execute(_WRITE_POSTGRESQL, given)


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


def _array(numbers: Iterable[int]) -> str:
    """An array as PostgreSQL writes it: the driver's own way to write one takes longer than the statement."""
    return f"{{{','.join(map(str, numbers))}}}"
