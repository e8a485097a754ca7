"""Why a block was cut, in words: what each rule says to a person."""

from collections.abc import Mapping
from types import MappingProxyType

_CARD = "card/"
_LEARNED = "learned/"

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "headline": "the headline once more",
        "bare heading": "a heading with nothing under it",
        "card/cut_lines": "a line that the card cuts",
        "class/cuts": "an element that the outlet's page class cuts",
        "phrase/source_link": "a link to the source",
        "phrase/related": "a list of other articles",
        "phrase/read_also": "a hint at another article",
        "phrase/newsletter": "a call to sign up or follow",
        "phrase/paywall": "a notice that the rest is for subscribers",
        "phrase/share": "a button to share",
        "phrase/comments": "words of the comment section",
        "phrase/copyright": "a copyright notice",
        "phrase/advertisement": "the label of an advertisement",
        "phrase/caption": "a picture's caption",
        "phrase/media": "words of a player or gallery",
        "shape/credit": "a picture's caption with its credit",
        "shape/date": "a date and nothing else",
        "shape/dateline": "the day of publication above the text",
        "shape/byline": "the authors' names and nothing else",
        "shape/doubled": "a teaser that says everything twice",
        "flattened/caption": "a caption that ran into the first paragraph",
        "flattened/read_also": "a hint at another article inside a paragraph",
        "flattened/newsletter": "a call to sign up at a paragraph's edge",
        "flattened/paywall": "a notice for subscribers at a paragraph's edge",
        "flattened/share": "a call to share at a paragraph's edge",
        "flattened/comments": "a call to comment at a paragraph's edge",
        "flattened/media": "words of a player at a paragraph's edge",
        "unlikely": "trafilatura took it, the classifier of segments did not",
        "learned/line": "a line that repeats on this outlet's pages",
        "learned/opening": "an opening that repeats on this outlet's pages",
        "learned/sentence": "a sentence that repeats in this outlet's paragraphs",
    }
)


def in_words(rule: str) -> str:
    """What a rule's name means: a phrase that goes on after "cut: ".

    A learned rule carries the version of what was learned (``learned/line@12``).
    """
    if words := WORDS.get(rule.partition("@")[0] if rule.startswith(_LEARNED) else rule):
        return words
    if rule.startswith(_CARD):
        return "an element that the card cuts"
    return "a rule that has no words yet"


def family(rule: str) -> str:
    """The kind of rule: ``phrase`` for ``phrase/share``, ``page`` where the page itself tells."""
    kind, slash, _ = rule.partition("/")
    return kind if slash else "page"
