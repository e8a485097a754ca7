"""Other libraries that find near-duplicates, in memory, on the same texts."""

import importlib
import itertools
import resource
import time
from collections.abc import Callable, Iterable

from duplicates.texts import COPIES, Texts

Ask = Callable[[int, str], Iterable[int]]
"""Given a text's number and the text, the numbers of earlier ones that it is like; it remembers the text."""


def _datasketch(permutations: int, threshold: float) -> Ask:
    """MinHash LSH of datasketch over shingles of five words."""
    library = importlib.import_module("datasketch")
    lsh = library.MinHashLSH(threshold=threshold, num_perm=permutations)

    def ask(number: int, body: str) -> list[int]:
        made = library.MinHash(num_perm=permutations)
        made.update_batch([shingle.encode() for shingle in shingled(body)])
        like: list[int] = lsh.query(made)
        lsh.insert(number, made)
        return like

    return ask


def _rensa(permutations: int, threshold: float, bands: int) -> Ask:
    """MinHash LSH of rensa over the same, each candidate's estimate checked against the threshold."""
    library = importlib.import_module("rensa")
    lsh = library.RMinHashLSH(threshold=threshold, num_perm=permutations, num_bands=bands)
    known = {}

    def ask(number: int, body: str) -> list[int]:
        made = library.RMinHash(num_perm=permutations, seed=42)
        made.update(shingled(body))
        like = [one for one in lsh.query(made) if made.jaccard(known[one]) >= threshold]
        lsh.insert(number, made)
        known[number] = made
        return like

    return ask


def _simhash(bits: int) -> Ask:
    """SimHash of 64 bits over the same: alike are those that differ in so many bits."""
    library = importlib.import_module("simhash")
    index = library.SimhashIndex([], k=bits)

    def ask(number: int, body: str) -> list[int]:
        made = library.Simhash(shingled(body))
        like = [int(one) for one in index.get_near_dups(made)]
        index.add(str(number), made)
        return like

    return ask


def shingled(body: str) -> list[str]:
    """Runs of five words."""
    tokens = body.lower().split()
    return [" ".join(tokens[i : i + 5]) for i in range(max(len(tokens) - 4, 1))]


PEERS: tuple[tuple[str, Callable[[], Ask]], ...] = (
    ("datasketch 128/0.9 (default)", lambda: _datasketch(128, 0.9)),
    ("datasketch 256/0.3 (best)", lambda: _datasketch(256, 0.3)),
    ("rensa 128/0.8", lambda: _rensa(128, 0.8, 16)),
    ("rensa 256/0.3", lambda: _rensa(256, 0.3, 64)),
    ("simhash 64, 3 bits (default)", lambda: _simhash(3)),
    ("simhash 64, 8 bits", lambda: _simhash(8)),
)


def peers(count: int) -> None:
    """Other libraries on the same texts, in memory."""
    print(f"{'in memory':28} {'recall':>7} {'falsely':>8} {'ms an article':>14} {'MiB':>6}")
    for name, make in PEERS:
        try:
            peer = make()
        except ImportError:
            print(f"{name:28} not installed")
            continue
        compared(name, peer, count)


def compared(name: str, ask: Ask, count: int) -> None:
    """Print one library's line: ``ask`` says which earlier texts one is like, and remembers it."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    roots: dict[int, int] = {}
    copies = found = falsely = 0
    seconds = 0.0
    for sample in itertools.islice(Texts(1, COPIES), count):
        roots[sample.number] = sample.number if sample.copy_of is None else sample.copy_of
        begun = time.process_time()
        like = {roots[number] for number in ask(sample.number, sample.body)}
        seconds += time.process_time() - begun
        copies += sample.copy_of is not None
        found += sample.copy_of is not None and sample.copy_of in like
        falsely += bool(like - {roots[sample.number]})
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{name:28} {found / max(copies, 1):7.4f} {falsely:8} {seconds / count * 1000:14.2f} {memory:6.0f}",
        flush=True,
    )
