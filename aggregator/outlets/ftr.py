"""Rules for one site in the ftr-site-config format (Full-Text RSS, Instapaper), turned into a card's rules.

The format: https://help.fivefilters.org/full-text-rss/site-patterns.html
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from aggregator.model.outlet import XPATH, Rules
from aggregator.outlets import selectors

_LINE = re.compile(r"(?P<name>[A-Za-z_]+)\s*(?P<inside>\(.*\))?\s*:\s*(?P<value>.*)")
_NO_ELEMENT = re.compile(r"(?:\btext\(\)|/@[\w:-]+|\battribute::[\w:-]+)\s*(?:\[[^\]]*\]\s*)*$")
_LONGEST_VALUE_CHARS = 2000
# The key of a card for a directive (benchmarks/site_rules.py). The body's element is where the body is
# looked for: taken as a whole it measured worse than no rule at all. Of 123 headlines by such rules five
# became right and five wrong, of 118 dates one became wrong.
_FIELDS = {"body": "within", "author": "byline"}
_AS_WELL = "pages tell it as well themselves"
_OTHER_WAYS = "the text is found in another way here"
_MARKUP = "pictures and markup are no part of the text here"
_ONE_PAGE = "an article is read from one page"
_REQUEST = "what a request says is the same for all outlets"
_LOGIN = "nobody logs in"
_REWRITE = "pages are not rewritten before they are read"
_NOT_NEEDED = {
    **dict.fromkeys(("title", "date"), _AS_WELL),
    **dict.fromkeys(("test_url", "test_contains"), "a test of the file's own program"),
    **dict.fromkeys(
        (
            "tidy", "prune", "parser", "autodetect_on_failure", "autodetect_next_page", "skip_json_ld",
        ),
        _OTHER_WAYS,
    ),
    **dict.fromkeys(
        (
            "strip_image_src", "strip_attr", "post_strip_attr", "strip_comments", "insert_detected_image",
            "src_lazy_load_attr", "wrap_in", "dissolve", "convert_double_br_tags",
        ),
        _MARKUP,
    ),
}  # fmt: skip
_NOT_TAKEN = {
    **dict.fromkeys(("next_page_link", "single_page_link", "single_page_link_in_feed"), _ONE_PAGE),
    "http_header": _REQUEST,
    **dict.fromkeys(
        (
            "requires_login", "login_uri", "login_username_field", "login_password_field",
            "login_extra_fields", "not_logged_in_xpath",
        ),
        _LOGIN,
    ),
    **dict.fromkeys(("find_string", "replace_string", "move_into", "footnotes"), _REWRITE),
    **dict.fromkeys(("if_page_contains", "skip_id_or_class", "native_ad_clue"), "there is no such rule here"),
}  # fmt: skip


class Extent(StrEnum):
    """How much of a file became rules."""

    WHOLE = "whole"
    PARTLY = "partly"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Lost:
    """A line that did not become a rule; ``matters`` is false if it says nothing about the text."""

    line: int
    directive: str
    reason: str
    matters: bool


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The rules of one file, and each of its lines that is not among them."""

    rules: Rules
    lost: tuple[Lost, ...]

    @property
    def extent(self) -> Extent:
        """Whole if every line that matters became a rule."""
        if self.rules == Rules():
            return Extent.NOTHING
        return Extent.PARTLY if any(one.matters for one in self.lost) else Extent.WHOLE


@dataclass(slots=True)
class _Gathered:
    """The rules so far, by key of a card."""

    values: dict[str, list[str]] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)

    def add(self, key: str, value: str) -> None:
        values = self.values.setdefault(key, [])
        if value not in values:
            values.append(value)


def parse(text: str) -> SiteRules:
    """The rules of a file; whatever it holds, each line is a rule, a comment or lost for a reason."""
    gathered = _Gathered()
    for number, name, value in _directives(text):
        try:
            _take(gathered, name, value)
        except ValueError as error:
            gathered.lost.append(Lost(number, name, str(error), matters=name not in _NOT_NEEDED))
    rules = Rules(**{key: tuple(values) for key, values in gathered.values.items()})  # type: ignore[arg-type]
    return SiteRules(rules, tuple(gathered.lost))


def _directives(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith(("#", "//")):
            continue
        found = _LINE.fullmatch(stripped)
        yield (
            (number, found["name"].lower(), found["value"].strip()) if found else (number, stripped[:40], "")
        )


def _take(gathered: _Gathered, name: str, value: str) -> None:
    """Add what a directive says.

    Raises:
        ValueError: why it says nothing that can be a rule.
    """
    if reason := _NOT_NEEDED.get(name) or _NOT_TAKEN.get(name):
        raise ValueError(reason)
    if name not in _FIELDS and name not in {"strip", "strip_id_or_class"}:
        raise ValueError("unknown directive")
    if not value:
        raise ValueError("no value")
    if len(value) > _LONGEST_VALUE_CHARS:
        raise ValueError(f"over {_LONGEST_VALUE_CHARS} characters")
    if name == "strip_id_or_class":
        gathered.add("cuts", _with_id_or_class(value))
    elif name in {"strip", "body"}:
        gathered.add(_FIELDS.get(name, "cuts"), _xpath(value, selectors.elements))
    else:
        gathered.add(_FIELDS[name], _xpath(value, selectors.selector))


def _xpath(value: str, check: Callable[[str], str]) -> str:
    if check is selectors.elements and _NO_ELEMENT.search(value):
        raise ValueError(f"expected an XPath that gives elements; got a text or an attribute from {value!r}")
    return check(XPATH + value)


def _with_id_or_class(value: str) -> str:
    """The CSS selector of elements with this in their id or class."""
    part = value.strip("\"' ")
    if not part:
        raise ValueError("no value")
    quoted = part.replace("\\", "\\\\").replace('"', '\\"')
    return selectors.elements(f'[class*="{quoted}"], [id*="{quoted}"]')
