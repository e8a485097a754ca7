"""Buckets of postings: which article holds which shingle, ten bytes each, in buckets that split as they fill.

Linear hashing (Witold Litwin, 1980): the number of buckets grows by one at a time, and each new one takes
its share of one older bucket. So a row of the table holds about 25 postings however many articles there are:
a row for each posting would cost PostgreSQL 90 bytes instead of 15.
"""

from collections.abc import Iterable, Iterator, Mapping

HASH_BYTES = 5
ID_BYTES = 5
POSTING_BYTES = HASH_BYTES + ID_BYTES

MOST_BYTES = 40 * POSTING_BYTES
"""A bucket that grew beyond this makes another one split.

Measured on PostgreSQL and SQLite with 30,000 articles: see decision 0019.
"""

Posting = tuple[int, int]
"""A shingle's hash of 40 bits, and the number of an article that holds it."""


def buckets_of(rows: Iterable[int], buckets: int) -> list[int]:
    """For each hash the bucket, from 0, in which it stands while there are so many."""
    half = 1 << (buckets.bit_length() - 1)
    wide, narrow = 2 * half - 1, half - 1
    return [place if (place := row & wide) < buckets else row & narrow for row in rows]


def parent_of(bucket: int) -> int:
    """The bucket from which one, not the first, takes its share."""
    return bucket - (1 << (bucket.bit_length() - 1))


def packed(row: int, article_id: int) -> bytes:
    """A posting as it is stored."""
    return row.to_bytes(HASH_BYTES, "big") + article_id.to_bytes(ID_BYTES, "big")


def holders(postings: bytes, row: int) -> list[int]:
    """The articles that hold a shingle, in the order in which they came."""
    wanted = row.to_bytes(HASH_BYTES, "big")
    at = postings.find(wanted)
    found = []
    while at >= 0:
        end = at + POSTING_BYTES
        if at % POSTING_BYTES:
            end = at + 1  # the bytes of two neighbours
        else:
            found.append(int.from_bytes(postings[at + HASH_BYTES : end], "big"))
        at = postings.find(wanted, end)
    return found


def unpacked(postings: bytes) -> Iterator[Posting]:
    """All postings of a bucket."""
    for start in range(0, len(postings), POSTING_BYTES):
        middle, end = start + HASH_BYTES, start + POSTING_BYTES
        yield int.from_bytes(postings[start:middle], "big"), int.from_bytes(postings[middle:end], "big")


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
        whole = changed[parent] if parent in changed else held.get(parent, b"")
        postings = [whole[start : start + POSTING_BYTES] for start in range(0, len(whole), POSTING_BYTES)]
        places = buckets_of((int.from_bytes(one[:HASH_BYTES], "big") for one in postings), new + 1)
        changed[parent] = b"".join(one for one, place in zip(postings, places, strict=True) if place != new)
        changed[new] = b"".join(one for one, place in zip(postings, places, strict=True) if place == new)
    return changed
