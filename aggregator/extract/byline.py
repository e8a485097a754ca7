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
    r"redacteur|redacción|bureau chief|producer|special to|senior|chief|director|founder|ceo|president|"
    r"manager|professor|specialist|analyst|expert|team|jr\.?|sr\.?)\b",
    re.IGNORECASE,
)
# Degrees and licences behind a name.
_DEGREE = re.compile(
    r"(?:ph\.?\s?d|m\.?\s?d|m\.?\s?a|m\.?\s?s|m\.?\s?sc|b\.?\s?a|b\.?\s?sc?|mba|mph|j\.?\s?d|ll\.?\s?m|esq|r\.?\s?n|bsn|"
    r"r\.?\s?dn?|do|dds|dvm|pharmd|edd|lcsw|cpa|cf[ap]|cepf|fand|faclm|pmp|cpt)\.?\W*",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    {"admin", "administrator", "webmaster", "author", "username", "null", "none", "undefined"}
)
# Words that stand where pages show a byline, and in no name.
_NO_PERSON = re.compile(
    r"\b(?:updated|published|written|last|read|min|reviewed|see|more|follow|share|full|view|profile|bio|"
    r"policy|disclosure|advertis\w+|ressort|redaktion|news)\b|[\d!?:@|]",
    re.IGNORECASE,
)
_CJK_NAME = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff々·]{2,8}")
_PARTS_OF_NAMES = frozenset(
    [
        *("de", "del", "della", "da", "das", "do", "dos", "di", "du", "la", "le", "e", "y", "i", "of", "el"),
        *("van", "von", "vom", "der", "den", "ter", "ten", "zu", "zur", "af", "av", "bin", "ibn", "al"),
    ]
)
_FEWEST_WORDS, _MOST_WORDS = 2, 5


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


def is_person(name: str) -> bool:
    """Whether a name looks like a person's: two to five capitalised words without role, digit or button.

    A few Chinese or Japanese characters do, too.
    """
    if _CJK_NAME.fullmatch(name):
        return True
    words = name.split()
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or _ROLE.search(name) or _NO_PERSON.search(name):
        return False
    return all(word.casefold() in _PARTS_OF_NAMES or not word[0].islower() for word in words)


def opens_byline(text: str) -> bool:
    """Whether a line begins with a 'By' of some language."""
    return bool(_PREFIX.match(text))


def is_agency(name: str) -> bool:
    """Whether a name beside a person's may be an agency's or a pen name: one word, no role or button."""
    return " " not in name and not name.islower() and not _ROLE.search(name) and not _NO_PERSON.search(name)


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
    first, *others = parts or [""]
    return [first, *(part for part in others if not _ROLE.search(part) and not _DEGREE.fullmatch(part))]


def _is_name(text: str) -> bool:
    if key(text) in _NOBODY:
        return False
    return 1 < len(text) <= _LONGEST_NAME_CHARS and any(char.isalpha() for char in text)
