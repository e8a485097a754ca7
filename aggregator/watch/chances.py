"""Chances: how likely is so little, if nothing is wrong."""

import math
from typing import Final

_POISSON_BELOW: Final = 1e-6


def at_most(count: int, expected: float, dispersion: float) -> float:
    """The chance of so few or fewer, if so many are expected (negative binomial).

    ``dispersion`` is the variance of the rate around its mean, as a share of its square; at 0 it is Poisson.
    """
    if expected <= 0:
        return 1.0
    if dispersion < _POISSON_BELOW:
        term = total = math.exp(-expected)
        for number in range(1, count + 1):
            term *= expected / number
            total += term
        return min(total, 1.0)
    size = 1 / dispersion
    fails = expected / (expected + size)
    term = total = math.exp(size * math.log1p(-fails))
    for number in range(1, count + 1):
        term *= fails * (size + number - 1) / number
        total += term
    return min(total, 1.0)


def trust(firmness: float, articles: int) -> float:
    """How many articles' worth of trust a share deserves that was learned from so many.

    Days differ, and what few articles said was partly chance: both spreads add up (the predictive
    beta-binomial).
    """
    return 1 / (1 / firmness + 1 / (articles + 1))


def few_good(good: int, total: int, share: float, firmness: float) -> float:
    """The chance of so few good ones or fewer among ``total``, where ``share`` are good (beta-binomial).

    ``firmness`` is the sum of the beta's two parameters: how many articles' worth of trust it deserves.
    """
    a, b = share * firmness, (1 - share) * firmness
    whole = _log_beta(a, b)
    return min(
        sum(
            math.exp(_log_choose(total, number) + _log_beta(number + a, total - number + b) - whole)
            for number in range(good + 1)
        ),
        1.0,
    )


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
