"""What is known of each segment of a page, as numbers: the classifier of bodies sees nothing else."""

import string
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from aggregator.extract import centre, phrasebook, phrases, surroundings
from aggregator.extract.known import Known
from aggregator.extract.plain import key
from aggregator.extract.segments import Page, Segment
from aggregator.extract.surroundings import Matrix

_TAGS = {tag: number for number, tag in enumerate((
    "p", "div", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "span", "section", "article",
    "main", "header", "footer", "aside", "nav", "figcaption", "figure", "blockquote", "ul", "ol", "dl",
    "dt", "dd", "pre", "body", "label", "form", "table", "address", "details", "summary", "caption",
    "button",
))}  # fmt: skip
_OTHER_TAG = 50
_KINDS = {kind: number for number, kind in enumerate(phrasebook.KINDS, 1)}
_ASCII_STOPS = ".!?"
_STOPS = ".!?…。！？।؟"
_ENDS = frozenset(_STOPS + ":;\"”»'’)")
_DIGITS, _CAPITALS = string.digits.encode(), string.ascii_uppercase.encode()
_SAMPLE_CHARS = 150
NAMES = slice(27, 33)
"""The columns of a matrix that depend on the weights of names."""

_FAR = 60
_KIND_COLUMN = 9
_NEAR = 10
_RUNNING_CHARS = 60
_RUNNING_LINK_SHARE = 0.6
_WHOLE_LINK_SHARE = 0.9
_WINDOWS = (1, 3, 10)
_BLOB_CHARS = 20
_HEAD_CHARS = 50
_SHORT_KEY_CHARS = 12


def plausible(page: Page, taken: Sequence[int]) -> list[int]:
    """The numbers of the segments worth a closer look: of the page's text all but .7 %, of its menus few.

    These were taken, or stand near one that was and are more than a link, or are running text.
    """
    places = [number for number, is_taken in enumerate(taken) if is_taken]
    found = []
    for number, one in enumerate(page.segments):
        links = one.link_chars / len(one.text)
        if taken[number] or (links < _RUNNING_LINK_SHARE and len(one.text) > _RUNNING_CHARS):
            found.append(number)
        elif places and links < _WHOLE_LINK_SHARE:
            after = bisect_left(places, number)
            near = places[max(after - 1, 0) : after + 1]
            if min(abs(number - place) for place in near) <= _NEAR:
                found.append(number)
    return found


def matrix(
    page: Page, taken: Sequence[int], numbers: Sequence[int], known: Known, weights: Mapping[str, float]
) -> Matrix:
    """One row for each of the segments with these numbers.

    ``taken`` is 1 for each segment that the general extractor took for the body (``kept``). ``weights`` are
    log odds of words in class names and ids to stand around an article's text.
    """
    segments, keys = page.segments, page.keys
    counts = surroundings.Counts.of(segments, taken)
    held, signs = surroundings.Held.of(page, counts), surroundings.signs(segments)
    base = _base(segments, counts)
    whole = [
        _places(segments, keys, counts, known),
        _neighbourhood(counts),
        surroundings.containers(held, surroundings.places(page)),
        surroundings.signatures(signs, counts, keys),
        surroundings.neighbours(base),
        centre.centre(page, held),
    ]
    chosen = np.array(numbers, np.intp)
    words = _words([segments[number] for number in numbers], [keys[number] for number in numbers], known)
    columns = [
        base[chosen],
        words,
        surroundings.frames([segments[number].frame for number in numbers], weights),
        surroundings.behind_furniture(words[:, _KIND_COLUMN], chosen, counts),
        *(part[chosen] for part in whole),
    ]
    return np.hstack(columns).astype(np.float32)


def kept(keys: Sequence[str], found: Collection[str]) -> list[int]:
    """1 for each segment that the extractor kept, told by text and order, else 0.

    Extractors join and split blocks: what is no whole segment is looked for inside all that was found.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(keys):
        if one:
            places[one].append(number)
    taken, last, rest = [0] * len(keys), -1, []
    for text in found:
        wanted = key(text)
        numbers = places.get(wanted)
        if numbers:
            after = bisect_left(numbers, last + 1)
            last = numbers[after] if after < len(numbers) else numbers[-1]
            taken[last] = 1
        elif wanted:
            rest.append(wanted)
    if rest:
        joined = "\n".join(rest)
        heads = {one[:_HEAD_CHARS] for one in rest if len(one) > _HEAD_CHARS}
        for number, one in enumerate(keys):
            if not taken[number] and len(one) > _BLOB_CHARS:
                taken[number] = int(one in joined or one[:_HEAD_CHARS] in heads)
    return taken


def _base(segments: Sequence[Segment], counts: surroundings.Counts) -> Matrix:
    columns = [
        np.log1p(counts.sizes),
        counts.link_chars / counts.chars,
        [_TAGS.get(one.frame.tag, _OTHER_TAG) for one in segments],
        counts.taken,
        [one.text[-1] in _ENDS for one in segments],
        [_sentences(one.text) for one in segments],
    ]
    return np.array(columns, np.float32).T


def _sentences(text: str) -> int:
    """How many sentences end in a text whose spaces are single."""
    stops = _ASCII_STOPS if text.isascii() else _STOPS
    return sum([text.count(f"{stop} ") for stop in stops]) + (text[-1] in stops)


def _words(segments: Sequence[Segment], keys: Sequence[str], known: Known) -> Matrix:
    rows = []
    for one, folded in zip(segments, keys, strict=True):
        text = one.text
        sample = text[:_SAMPLE_CHARS]
        digits, capitals = _digits_and_capitals(sample)
        count = folded.count(" ") + 1
        kind = phrases.kind_of(text, is_link=one.link_chars >= len(text))
        rows.append(
            (
                count,
                one.links,
                one.strong_chars / len(text),
                digits / len(sample),
                capitals / len(sample),
                text.count(",") / (count + 1),
                text[0].isupper(),
                _likeness(folded, known.headlines),
                _likeness(folded, known.deks),
                _KINDS.get(kind or "", 0),
                ("@" in text) + 2 * ("http" in text or "www." in text),
                _mention(folded, known.byline),
                known.is_news,
            )
        )
    return np.array(rows, np.float32).reshape(-1, 13)


def _digits_and_capitals(text: str) -> tuple[int, int]:
    if not text.isascii():
        return sum(map(str.isdecimal, text)), sum(map(str.isupper, text))
    letters = text.encode()
    return (
        len(letters) - len(letters.translate(None, _DIGITS)),
        len(letters) - len(letters.translate(None, _CAPITALS)),
    )


def _likeness(folded: str, others: Collection[str]) -> int:
    """1 for one of the others, 2 for a part of one or one with more, else 0."""
    if folded in others:
        return 1
    if len(folded) <= _SHORT_KEY_CHARS:
        return 0
    return 2 if any(folded in other or (other and other in folded) for other in others) else 0


def _mention(folded: str, names: Collection[str]) -> int:
    """2 for a text that begins with one of the names, 1 for one that holds one, else 0."""
    return max((2 if folded.startswith(name) else 1 for name in names if name in folded), default=0)


def _places(
    segments: Sequence[Segment], keys: Sequence[str], counts: surroundings.Counts, known: Known
) -> Matrix:
    count, sizes = len(segments), counts.sizes
    numbers = np.arange(count)
    total = max(sizes.sum(), 1)
    after = numbers - _heading(segments, keys, known)
    columns = [
        numbers / max(count, 1),
        (np.cumsum(sizes) - sizes) / total,
        after / max(count, 1),
        after > 0,
        np.minimum(after, _FAR),
        np.full(count, np.log1p(total)),
        np.full(count, sizes[counts.texts].sum() / total),
    ]
    return np.stack(columns, 1).astype(np.float32)


def _heading(segments: Sequence[Segment], keys: Sequence[str], known: Known) -> int:
    """Where the headline stands: an h1 of its words, else these words, else any h1, else before all."""
    says = [number for number, one in enumerate(keys) if one in known.headlines]
    heads = [number for number, one in enumerate(segments) if one.frame.tag == "h1"]
    both = [number for number in says if segments[number].frame.tag == "h1"]
    return next(iter((*both, *says, *heads)), -1)


def _neighbourhood(counts: surroundings.Counts) -> Matrix:
    """How much of the text around each segment was taken, and where it stands to all that was."""
    count = len(counts.taken)
    took, size = counts.taken.astype(np.float32), counts.sizes.astype(np.float32)
    chars = np.concatenate([[0.0], np.cumsum(size)])
    chosen = np.concatenate([[0.0], np.cumsum(size * took)])
    numbers = np.arange(count)
    columns = []
    for radius in _WINDOWS:
        low, high = np.maximum(numbers - radius, 0), np.minimum(numbers + radius + 1, count)
        all_ = chars[high] - chars[low] - size
        columns.append((chosen[high] - chosen[low] - size * took) / np.maximum(all_, 1))
    places = np.flatnonzero(took)
    if len(places):
        first, last = places[0], places[-1]
        side = np.where(numbers < first, -1, np.where(numbers > last, 1, 0))
        after = np.searchsorted(places, numbers)
        right = np.abs(places[np.minimum(after, len(places) - 1)] - numbers)
        left = np.abs(numbers - places[np.maximum(after - 1, 0)])
        distance = np.minimum(np.minimum(left, right), _FAR)
        columns += [side, distance, (numbers - first) / (last - first + 1)]
    else:
        columns += [np.full(count, 1), np.full(count, _FAR), np.full(count, -1)]
    columns.append(np.full(count, chosen[-1] / max(chars[-1], 1)))
    return np.stack(columns, 1).astype(np.float32)
