"""Invented articles for tests: sentences of an invented town, another text for each number."""

import random

_WHO = (
    "the harbour master",
    "a retired teacher",
    "the town council",
    "two divers",
    "the ferry company",
    "a baker",
    "the choir",
    "an engineer",
    "the island's only doctor",
    "a group of pupils",
    "the museum",
    "the fire brigade",
)
_DID = (
    "measured",
    "painted",
    "repaired",
    "counted",
    "sold",
    "opened",
    "closed",
    "praised",
    "moved",
    "inspected",
    "planted",
    "drained",
    "photographed",
    "forgot",
    "recorded",
    "rebuilt",
)
_WHAT = (
    "the old lighthouse",
    "forty wooden boats",
    "a narrow bridge",
    "the market hall",
    "three wells",
    "the school roof",
    "a row of lime trees",
    "the archive",
    "the swimming pool",
    "an empty warehouse",
    "the north pier",
    "a stone wall",
)
_WHEN = (
    "before the storm",
    "on a quiet morning",
    "after long debate",
    "without any help",
    "during the spring tide",
    "in front of a small crowd",
    "for the second time this year",
    "at the expense of the county",
    "by candle light",
)
_SO = (
    "and nobody objected",
    "although the budget was spent",
    "while gulls circled above",
    "so the road stayed shut",
    "because the pump had failed",
    "which surprised the neighbours",
    "and a report is due in autumn",
)


def sentences(number: int, count: int = 16) -> list[str]:
    """Sentences of the article of this number."""
    chance = random.Random(number)  # noqa: S311 - a text, no secret
    made = []
    for _ in range(count):
        parts = [chance.choice(options) for options in (_WHO, _DID, _WHAT, _WHEN, _SO)]
        made.append(f"{' '.join(parts).capitalize()}, said {chance.randint(11, 99)} witnesses.")
    return made


def article(number: int, count: int = 16) -> str:
    """The body of the article of this number."""
    made = sentences(number, count)
    return "\n\n".join(" ".join(made[i : i + 4]) for i in range(0, count, 4))


def edited(text: str, share: float, seed: int = 1) -> str:
    """The text with a share of its words replaced, left out or doubled."""
    chance = random.Random(seed)  # noqa: S311 - a text, no secret
    out = []
    for word in text.split(" "):
        roll = chance.random()
        if roll < share / 3:
            continue
        out.append("indeed" if roll < 2 * share / 3 else word)
        if 2 * share / 3 <= roll < share:
            out.append("yesterday")
    return " ".join(out)
