"""What there is to tell of one extraction: fields with their origins, every block with its fate, the cost."""

from collections import Counter
from dataclasses import Field as DataclassField
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from aggregator.extract.plain import folded
from aggregator.extract.reasons import family, in_words
from aggregator.extract.trace import Step, cut_chars, share_cut, steps
from aggregator.model.article import Article, Block, BlockKind, CutBlock, FieldLoser

_NOT_SHOWN = frozenset({"outlet", "url", "fetched_at", "blocks", "origins", "losers", "cuts"})
# What readers see comes first; a field that is not named here follows.
_ORDER = ("headline", "dek", "byline", "published", "modified", "language", "completeness", "section", "tags")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as text, empty where the page has none; where it came from; what else claimed to be it."""

    name: str
    value: str
    source: str
    losers: tuple[FieldLoser, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule that cut something: its name, what it means, its family, how many blocks and characters."""

    rule: str
    words: str
    family: str
    blocks: int
    chars: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """An article with everything that is told of it; ``share_cut`` is of the characters, 0 to 1.

    ``cpu_seconds`` is what extraction cost in its own process; 0 of an article from the store.
    """

    article: Article
    fields: tuple[Field, ...]
    steps: tuple[Step, ...]
    rules: tuple[RuleCount, ...]
    kept_chars: int
    cut_chars: int
    share_cut: float
    cpu_seconds: float

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the fields that nothing on the page told."""
        return tuple(field.name for field in self.fields if not (field.value or field.losers))

    def field(self, name: str) -> Field:
        """The field of this name."""
        return next(field for field in self.fields if field.name == name)


def explain(article: Article, cpu_seconds: float) -> Explanation:
    """Gather what is told of an article; all text is free of characters that turn a line around."""
    return Explanation(
        article,
        fields_of(article),
        steps(article),
        _rules(article.cuts),
        sum(len(block.text) for block in article.blocks),
        cut_chars(article),
        share_cut(article),
        cpu_seconds,
    )


def fields_of(article: Article) -> tuple[Field, ...]:
    """The fields of an article, those that readers see first."""
    sources = {origin.field: origin.source for origin in article.origins}
    losers = {
        loser.field: [one for one in article.losers if one.field == loser.field] for loser in article.losers
    }
    return tuple(
        Field(
            one.name,
            _text(getattr(article, one.name)),
            folded(sources.get(one.name, "")),
            tuple(
                FieldLoser(loser.field, folded(loser.source), folded(loser.value))
                for loser in losers.get(one.name, ())
            ),
        )
        for one in sorted(fields(article), key=_rank)
        if one.name not in _NOT_SHOWN
    )


def _rank(field: DataclassField[Any]) -> int:
    return _ORDER.index(field.name) if field.name in _ORDER else len(_ORDER)


def kind_in_words(block: Block) -> str:
    """What a block is, such as ``heading 2`` or ``list item``."""
    level = f" {block.level}" if block.kind is BlockKind.HEADING and block.level else ""
    return f"{block.kind.value.replace('_', ' ')}{level}"


def percent(share: float) -> str:
    """A share with one decimal, such as ``7.2 %``."""
    return f"{100 * share:.1f} %"


def _rules(cuts: tuple[CutBlock, ...]) -> tuple[RuleCount, ...]:
    blocks = Counter(cut.rule for cut in cuts)
    chars = Counter[str]()
    for cut in cuts:
        chars[cut.rule] += len(cut.text)
    return tuple(
        RuleCount(rule, in_words(rule), family(rule), count, chars[rule])
        for rule, count in blocks.most_common()
    )


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat(" ", "minutes")
        case tuple():
            return ", ".join(_text(getattr(one, "url", one)) for one in value)
        case _:
            return folded(str(value))
