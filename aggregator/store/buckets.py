"""Buckets of postings: which article holds which shingle, ten bytes each, in buckets that split as they fill.

Linear hashing (Witold Litwin, 1980): the number of buckets grows by one at a time, and each new one takes
its share of one older bucket. So a row of the table holds about 25 postings however many articles there are:
a row for each posting would cost PostgreSQL 90 bytes instead of 15.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

HASH_BYTES = 5
ID_BYTES = 5
POSTING_BYTES = HASH_BYTES + ID_BYTES

MOST_BYTES = 40 * POSTING_BYTES
"""A bucket that grew beyond this makes another one split.

Measured on PostgreSQL and SQLite with 30,000 articles: see decision 0019.
"""

Posting = tuple[int, int]
"""A shingle's hash of 40 bits, and the number of an article that holds it."""

Numbers = NDArray[np.uint64]

# Five bytes, the highest first, as numpy can read them: one, and four.
_POSTING = np.dtype([("hash_high", "u1"), ("hash", ">u4"), ("id_high", "u1"), ("id", ">u4")])


def buckets_of(rows: Numbers, buckets: int) -> Numbers:
    """For each hash the bucket, from 0, in which it stands while there are so many."""
    half = 1 << (buckets.bit_length() - 1)
    places = rows & np.uint64(2 * half - 1)
    return np.where(places < buckets, places, rows & np.uint64(half - 1))


def parent_of(bucket: int) -> int:
    """The bucket from which one, not the first, takes its share."""
    return bucket - (1 << (bucket.bit_length() - 1))


def packed(rows: Numbers, ids: Numbers) -> bytes:
    """Postings as they are stored, given their hashes and articles."""
    made = np.empty(len(rows), _POSTING)
    for name, numbers in (("hash", rows), ("id", ids)):
        made[f"{name}_high"] = numbers >> np.uint64(32)
        made[name] = numbers & np.uint64(0xFFFFFFFF)
    return made.tobytes()


def unpacked(postings: bytes) -> tuple[Numbers, Numbers]:
    """The hashes and the articles of postings."""
    held = np.frombuffer(postings, _POSTING)
    return _column(held, "hash"), _column(held, "id")


def holders(postings: bytes, rows: Numbers) -> list[Posting]:
    """The postings of these hashes, those of one hash in the order in which they came."""
    if not len(rows):
        return []
    # Of a hundred postings ninety are strangers by two bytes of their hash alone, its third and fourth.
    sieve = np.zeros(1 << 16, bool)
    sieve[(rows >> np.uint64(8) & np.uint64(0xFFFF)).astype(np.uint16).byteswap()] = True
    likely = np.flatnonzero(sieve[np.frombuffer(postings, "<u2")[1 :: POSTING_BYTES // 2]])
    held = np.frombuffer(postings, f"V{POSTING_BYTES}")[likely].view(_POSTING)
    found, ids, wanted = _column(held, "hash"), _column(held, "id"), np.sort(rows)
    is_wanted = wanted[np.minimum(np.searchsorted(wanted, found), len(wanted) - 1)] == found
    return list(zip(found[is_wanted].tolist(), ids[is_wanted].tolist(), strict=True))


def grouped(rows: Numbers, ids: Numbers, buckets: int) -> dict[int, bytes]:
    """New postings by the bucket they belong to, of so many; none of a text without shingles."""
    if not len(rows):
        return {}
    places = buckets_of(rows, buckets)
    order = np.argsort(places, kind="stable")
    places, postings = places[order], packed(rows[order], ids[order])
    firsts = [0, *(np.flatnonzero(places[1:] != places[:-1]) + 1).tolist(), len(places)]
    return {
        place: postings[start * POSTING_BYTES : end * POSTING_BYTES]
        for place, (start, end) in zip(places[firsts[:-1]].tolist(), pairwise(firsts), strict=True)
    }


def growth(touched: Iterable[bytes]) -> int:
    """How many buckets there should be more, given those that grew."""
    return sum(len(postings) // MOST_BYTES for postings in touched)


def parents(buckets: int, more: int) -> set[int]:
    """The buckets, of so many, that ``split`` needs to make some more."""
    return {parent for new in range(buckets, buckets + more) if (parent := parent_of(new)) < buckets}


def split(held: Mapping[int, bytes], buckets: int, more: int) -> dict[int, bytes]:
    """The new content of all buckets that change when there are ``more`` than so many."""
    changed: dict[int, bytes] = {}
    for new in range(buckets, buckets + more):
        parent = parent_of(new)
        whole = np.frombuffer(changed[parent] if parent in changed else held.get(parent, b""), _POSTING)
        moves = whole["hash"] & np.uint32((1 << new.bit_length()) - 1) == new
        changed[parent], changed[new] = whole[~moves].tobytes(), whole[moves].tobytes()
    return changed


def _column(held: NDArray[np.void], name: str) -> Numbers:
    high: Numbers = held[f"{name}_high"].astype(np.uint64)
    return high << np.uint64(32) | held[name].astype(np.uint64)
