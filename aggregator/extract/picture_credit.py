"""Whose a picture is: its outlet's own, or an agency's that sells pictures to many."""

import tomllib
from functools import cache
from pathlib import Path

from aggregator.errors import ConfigError
from aggregator.extract.agencies import agencies, spelt
from aggregator.extract.phrasebook import UNSPACED


def is_agencys(*words: str | None) -> bool:
    """Whether a credit or caption gives a picture to a news agency, or to one that sells pictures.

    What an outlet bought it cannot let others show, whatever the licence of its texts says.
    """
    known = agencies()
    return any(text and (known.mentioned(text) or _names_seller(text)) for text in words)


def _names_seller(text: str) -> bool:
    padded = f" {' '.join(word.casefold() for word in spelt(text))} "
    return any(name in padded if UNSPACED.search(name) else f" {name} " in padded for name in _sellers())


@cache
def _sellers() -> frozenset[str]:
    path = Path(__file__).with_name("picture_sellers.toml")
    try:
        names = tomllib.loads(path.read_text(encoding="utf-8"))["sellers"]
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"{path}: not a readable list of picture sellers: {error}") from error
    return frozenset(" ".join(spelt(name)).casefold() for name in names)
