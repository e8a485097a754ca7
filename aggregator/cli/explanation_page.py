"""An extraction explained as one page of HTML: no script, nothing from elsewhere, its own styles."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from aggregator import __version__
from aggregator.extract.explanation import Explanation, kind_in_words, percent
from aggregator.extract.plain import folded
from aggregator.extract.reasons import family, in_words
from aggregator.extract.trace import Kept
from aggregator.urls import is_web

_FOLDER = Path(__file__).with_name("templates")
_BAR_UNITS = 1000


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the bar that shows how much was kept and cut: its class, start and width in thousandths."""

    family: str
    start: float
    width: float


def explanation_page(told: Explanation) -> str:
    """The page. Every text of the article is hostile until it is escaped, which the template does.

    The only style sheet stands inside, and the policy in the head names its hash: nothing else applies.
    """
    # The text of the style element must have the very bytes that are hashed.
    style = (_FOLDER / "explanation.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {"folded": folded, "in_words": in_words, "family": family, "percent": percent}
    environment.filters |= {"kind_in_words": kind_in_words}
    environment.tests |= {"web": is_web, "kept": lambda step: isinstance(step, Kept)}
    return environment.get_template("explanation.html").render(
        told=told,
        article=told.article,
        slices=_slices(told),
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=digest,
        version=__version__,
    )


def _slices(told: Explanation) -> list[Slice]:
    total = max(told.kept_chars + told.cut_chars, 1)
    made, start = [], 0.0
    for name, chars in (("kept", told.kept_chars), *((rule.family, rule.chars) for rule in told.rules)):
        width = _BAR_UNITS * chars / total
        made.append(Slice(name, start, width))
        start += width
    return made
