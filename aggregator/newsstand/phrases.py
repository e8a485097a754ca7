"""The words that outlets set around their texts, by language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FALLBACK = "en"


class Phrases(BaseModel):
    """One language's words; ``share_on`` and ``footer`` are lists of links' texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: str
    latest: str
    by: str
    published: str
    updated: str
    read_also: str
    related: str
    most_read: str
    share: str
    share_on: tuple[str, ...]
    newsletter_title: str
    newsletter_text: str
    newsletter_button: str
    paywall_title: str
    paywall_text: str
    correction: str
    source: str
    photo: str
    tags: str
    comments: str
    cookies: str
    footer: tuple[str, ...]
    rights: str
    gone: str
    not_found: str


def phrases(language: str) -> Phrases:
    """The words of a language (BCP 47; only the first subtag counts), English if there are none."""
    known = _all()
    return known.get(language.split("-", maxsplit=1)[0].lower(), known[FALLBACK])


@cache
def _all() -> Mapping[str, Phrases]:
    data = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
    return {language: Phrases.model_validate(words) for language, words in data.items()}
