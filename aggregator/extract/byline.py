"""Names of authors out of byline text: people first, no addresses, no 'By'."""

import re
from collections.abc import Iterable

from aggregator.extract.plain import key, plain

MOST_NAMES = 20
_LONGEST_NAME_CHARS = 80
_PREFIX = re.compile(
    r"^(?:(?:(?:written|reported|posted|words|text|story|analysis|opinion|published|created)\s+)?by|author|"
    r"von|par|por|di|da|af|av|door|autor[ae]?|texte?|texto|testo|oleh|przez|автор|от|بقلم|كتب|文|作者|記者|记者|取材)"
    r"(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
# These open a byline (Von Hans Müller) and a family name (Von der Leyen, Da Silva).
_PARTICLES = frozenset({"von", "di", "da", "af"})
_AMBIGUOUS_AND = re.compile(r"\s+(?:y|i)\s+")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|(?<!\w)@\w+")
_SPLIT = re.compile(r"\s*[;|/•·，、]\s*|\s+(?:and|und|et|og|och|en|&|with|и|ja|ve|và)\s+")
_COMMA = re.compile(r"\s*,\s*")
_ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|writer|columnist|journalist|staff|contributor|redakteur|journaliste|"
    r"redacteur|redacción|bureau chief|producer|special to|senior|chief|ph\.?d\.?|m\.?d\.?|jr\.?|sr\.?)\b",
    re.IGNORECASE,
)


def names(texts: Iterable[str], site_names: Iterable[str | None] = ()) -> tuple[str, ...]:
    """The names in byline texts, one an element, in order, each once, at most ``MOST_NAMES``.

    A site's own name stays only if there is no other.
    """
    found: dict[str, str] = {}
    for text in texts:
        for name in _split(plain(text, 300)):
            found.setdefault(key(name), name)
    sites = {key(name) for name in site_names if name}
    people = [name for folded, name in found.items() if folded not in sites]
    return tuple(people or found.values())[:MOST_NAMES]


def _split(text: str) -> list[str]:
    text = _without_prefix(_ADDRESS.sub(" ", text).strip(" ,;|-–—:"))
    pieces = (person for piece in _SPLIT.split(text) for person in _by_ambiguous_and(piece))
    parts = [part for piece in pieces for part in _by_comma(piece)]
    tidy = (_without_prefix(part.strip(' ,;|-–—:()[]*"“”')) for part in parts)
    return [name for name in tidy if _is_name(name)]


def _without_prefix(text: str) -> str:
    """The text without the word that opens a byline; a particle of a family name stays."""
    rest = _PREFIX.sub("", text)
    opening = text[: len(text) - len(rest)].strip().casefold()
    # Von der Leyen, Da Silva; an agency is written in one case: Von dpa, di ANSA.
    is_family = rest.split(" ", 1)[0].islower() if " " in rest else rest.istitle()
    return text if opening in _PARTICLES and is_family else rest


def _by_ambiguous_and(text: str) -> list[str]:
    """Parts at a word that stands in family names, too, such as Ortega y Gasset, if each is a full name."""
    parts = _AMBIGUOUS_AND.split(text)
    return parts if all(" " in part.strip() for part in parts) else [text]


def _by_comma(text: str) -> list[str]:
    """Parts at commas if each could be a full name; ``Roe, Jane`` is turned, a role behind a comma falls."""
    parts = [part for part in _COMMA.split(text) if part]
    if len(parts) == 2 and all(" " not in part for part in parts) and all(part.isalpha() for part in parts):  # noqa: PLR2004 - family name, given name
        return [f"{parts[1]} {parts[0]}"]
    return [part for number, part in enumerate(parts) if number == 0 or not _ROLE.search(part)]


def _is_name(text: str) -> bool:
    return 1 < len(text) <= _LONGEST_NAME_CHARS and any(char.isalpha() for char in text)
