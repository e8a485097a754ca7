"""Notices: what an outlet says of its own article: corrected, withdrawn, updated at a time."""

import re

from aggregator.dedupe.facts import calendar
from aggregator.dedupe.wording import Wording, folded
from aggregator.model.revision import ChangeKind

_LONGEST_LABEL_CHARS = 60
_LONGEST_STAMP_WORDS = 14
_LONGEST_SMALL_CHARS = 3
_LONGEST_COUNTER_WORDS = 6
_HEAD = re.compile(r"^[\s(\[【*]*([^:：|–—\]】)\n]{2,60}?)\s*(?:[:：|\]】)]|\s[-–—]\s|[–—]|$)")
_TAIL = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,40})[)\]）】]\s*$")
_DIGIT = re.compile(r"\d")


def notice(text: str, known: Wording) -> ChangeKind | None:
    """Whether a sentence or block is a notice that its own article is withdrawn or corrected."""
    words = folded(text)
    if known.withdraws.search(words) or _is_labelled(text, known.withdrawn_labels):
        return ChangeKind.RETRACTION
    if known.corrects.search(words) or _is_labelled(text, known.labels):
        return ChangeKind.CORRECTION
    return None


def label(text: str, known: Wording) -> ChangeKind | None:
    """Whether a block or headline is marked as a notice: ``Correction:``, ``(corrected)``, ``【訂正】``."""
    if _is_labelled(text, known.withdrawn_labels):
        return ChangeKind.RETRACTION
    return ChangeKind.CORRECTION if _is_labelled(text, known.labels) else None


def _is_labelled(text: str, labels: re.Pattern[str]) -> bool:
    for found in (_HEAD.search(text[: 2 * _LONGEST_LABEL_CHARS]), _TAIL.search(text)):
        if found is None:
            continue
        words = folded(found[1])
        known = labels.match(words)
        # Behind the label a date may stand ("Correction, 3 March:"), and no word of a story.
        if known and (known.end() == len(words) or _is_date(words[known.end() :])):
            return True
    return False


def _is_date(words: str) -> bool:
    return bool(_DIGIT.search(words))


def is_stamp(line: str, known: Wording, language: str | None) -> bool:
    """Whether a line only tells when the article was published or updated, or counts readers and comments."""
    words = folded(line).split()
    if not words or len(words) > _LONGEST_STAMP_WORDS:
        return False
    return _is_counter(words, known) or _is_time(words, known, language)


def _is_time(words: list[str], known: Wording, language: str | None) -> bool:
    found = known.stamps.match(" ".join(words))
    rest = " ".join(words)[found.end() :].split() if found else []
    dates = calendar(language)
    return bool(found) and all(
        _DIGIT.search(word) or word in dates or len(word) <= _LONGEST_SMALL_CHARS for word in rest
    )


def _is_counter(words: list[str], known: Wording) -> bool:
    rest = " ".join(word for word in words if not _DIGIT.search(word))
    has_number = any(map(_DIGIT.search, words))
    return has_number and len(words) <= _LONGEST_COUNTER_WORDS and (not rest or rest in known.counters)
