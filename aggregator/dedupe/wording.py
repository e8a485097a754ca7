"""How outlets word what they change: notices of correction, stamps of update, numbers; by language.

The phrases stand in ``wording/*.toml``, a file for each language, and in files of the same names in an
operator's own folder ``wording`` (in that of the setting ``phrases``), which add to ours.

- ``labels``, ``withdrawn_labels``: a block or headline that opens so, before a colon or dash, is a notice.
- ``corrects``, ``withdraws``: a sentence that holds it is a notice. ``|`` parts words of which one stands
  there, ``…`` stands for up to ten words (forty characters where words are not parted). A phrase must speak
  of the article itself ("this article"): a text about somebody's correction is none.
- ``stamps``: a line or sentence that opens so only says when it was updated.
- ``counters``: a short line of numbers and such a word only counts readers or comments.
- ``negations``: whoever adds or cuts one changes what is said.
- ``titles``: in scripts without spaces, what stands behind a name.
- ``numbers``: words for numbers, with their values.

Case, accents and punctuation do not count.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aggregator.config import settings
from aggregator.dedupe.fingerprint import tokens
from aggregator.dedupe.words import is_unspaced
from aggregator.errors import ConfigError

FOLDER = "wording"
_GAP = "…"
_GAP_WORDS = 10
_GAP_CHARS = 40
_LISTS = (
    "labels", "corrects", "withdrawn_labels", "withdraws", "stamps", "counters", "negations", "titles",
)  # fmt: skip
_FALLBACK = "en"
_LEAST_STEM_CHARS = 4


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words as patterns over folded text; English is understood in all languages.

    ``corrects`` and ``withdraws`` are found anywhere, the others at the start.
    """

    labels: re.Pattern[str]
    corrects: re.Pattern[str]
    withdrawn_labels: re.Pattern[str]
    withdraws: re.Pattern[str]
    stamps: re.Pattern[str]
    counters: frozenset[str]
    negations: frozenset[str]
    titles: tuple[str, ...]
    numbers: Mapping[str, float]


def folded(text: str) -> str:
    """A text as phrases are compared with it: its tokens, parted by spaces."""
    return " ".join(tokens(text))


@cache
def wording(language: str | None) -> Wording:
    """The words of a language (BCP 47; the first subtag counts), with the English ones.

    Raises:
        ConfigError: a file is no TOML, or holds something else.
    """
    primary = (language or _FALLBACK).split("-", maxsplit=1)[0].lower()
    primary = {"no": "nb", "nn": "nb"}.get(primary, primary)
    folders = (Path(__file__).parent / FOLDER, settings().path(settings().phrases) / FOLDER)
    return read(folder / f"{name}.toml" for folder in folders for name in dict.fromkeys((_FALLBACK, primary)))


def read(paths: Iterable[Path]) -> Wording:
    """The words of these files together; one that does not exist says nothing.

    Raises:
        ConfigError: as ``wording``.
    """
    lists: dict[str, list[str]] = {name: [] for name in _LISTS}
    numbers: dict[str, float] = {}
    for path in paths:
        data = _data(path)
        for name in _LISTS:
            lists[name] += _strings(path, name, data.get(name, []))
        numbers |= {" ".join(tokens(word)): float(value) for word, value in data.get("numbers", {}).items()}
    return Wording(
        labels=_pattern(lists["labels"], "^"),
        corrects=_pattern(lists["corrects"]),
        withdrawn_labels=_pattern(lists["withdrawn_labels"], "^"),
        withdraws=_pattern(lists["withdraws"]),
        stamps=_pattern(lists["stamps"], "^"),
        counters=frozenset(folded(phrase) for phrase in lists["counters"]),
        negations=frozenset(folded(phrase) for phrase in lists["negations"]),
        titles=tuple(lists["titles"]),
        numbers=numbers,
    )


def _data(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: not a readable TOML file of phrases: {error}") from error


def _strings(path: Path, name: str, listed: Any) -> list[str]:
    if not isinstance(listed, list) or not all(isinstance(one, str) and one.strip() for one in listed):
        raise ConfigError(f'{path}: {name}: a list of phrases is expected, such as ["correction"]')
    return listed


def _pattern(
    phrases: Iterable[str], before: str = r"(?:^|(?<= ))", whole: str | None = None
) -> re.Pattern[str]:
    """One pattern for all phrases; with ``whole`` a text that is one of them, and what may follow."""
    each = "|".join(filter(None, map(_words, phrases))) or "(?!)"
    return re.compile(f"(?:{each}){whole}" if whole else f"{before}(?:{each})(?= |$)")


def _words(phrase: str) -> str:
    out = ""
    for place in phrase.split():
        if place == _GAP:
            most = _GAP_CHARS if any(map(is_unspaced, phrase)) else _GAP_WORDS
            out += rf"(?: \S+){{0,{most}}}?"
            continue
        choices = (_stem(tokens(choice)) for choice in place.split("|"))
        out += f"{' ' if out else ''}(?:{'|'.join(filter(None, choices))})"
    return out


def _stem(words: list[str]) -> str:
    """A word as it stands, with an ending of up to two letters if it is long enough to be a stem."""
    spelt = " ".join(map(re.escape, words))
    return spelt + (r"\w{0,2}" if words and len(words[-1]) >= _LEAST_STEM_CHARS else "")
