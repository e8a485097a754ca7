"""Limits of computing that hold on any machine: what hostile input may cost, told in seconds of a usual one.

A limit guards against work that grows with the square of its input, or worse. Such work takes minutes where
seconds are allowed, on any machine; but a machine that is twice as slow must not fail for it. So what is too
long is weighed against work that is always the same, done on the same machine in the same moment.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time

USUAL_SECONDS = 0.075
"""What ``_work`` takes on the machine whose seconds the limits are told in (idle, median of 20)."""

MOST = 6.0
"""No machine is so much slower that a limit would say nothing any more."""


def _work() -> int:
    """Strings, dicts and small objects, as parsers make them."""
    words: dict[str, list[int]] = {}
    for number in range(150_000):
        words.setdefault(f"w{number % 997}", []).append(number)
    return sum(len(" ".join(map(str, numbers)).split()) for numbers in words.values())


def slowness() -> float:
    """How many times longer than usual this machine computes now; at least 1, at most ``MOST``."""
    took = []
    for _ in range(3):
        began = thread_time()
        _work()
        took.append(thread_time() - began)
    return min(max(1.0, sorted(took)[1] / USUAL_SECONDS), MOST)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails if the block computes longer on this thread than ``seconds`` of a usual machine.

    What other tests have left in memory is not the block's: the collector of garbage passes it over, from now
    on, as it does what was loaded before the first test.
    """
    gc.collect()
    gc.freeze()
    began = thread_time()
    yield
    took = thread_time() - began
    if took >= seconds:
        slow = slowness()
        assert took < seconds * slow, f"{took:.1f} s on a machine {slow:.1f} times slower than usual"
