"""Where on a page its article lies, and how each segment stands to that place."""

import numpy as np
from numpy.typing import NDArray

from aggregator.extract.segments import Page
from aggregator.extract.surroundings import Held, Matrix

_MOST = 0.5
_NEARLY_ALL = 0.85
_OUTSIDE = -1


def centre(page: Page, held: Held) -> Matrix:
    """For each segment how far below the article's element it stands, -1 outside.

    That element is the deepest that holds most of what the general extractor took, nearly all of that, or
    most of the page's long texts: a column each.
    """
    depths = np.array([one.depth for one in page.frames], np.intp)
    own = np.array([one.frame.number for one in page.segments], np.intp)
    taken, texts = held.taken[:-1], held.texts[:-1]
    mains = [
        _deepest(taken, held.all_taken, _MOST),
        _deepest(taken, held.all_taken, _NEARLY_ALL),
        _deepest(texts, held.all_texts, _MOST),
    ]
    return np.stack([_below(page, main, depths, own) for main in mains], 1).astype(np.float32)


def _deepest(chars: NDArray[np.float64], total: float, share: float) -> int | None:
    """The number of the deepest frame with more than this share: those that have it stand in one another."""
    holding = np.flatnonzero(chars > share * total)
    return int(holding[-1]) if len(holding) else None


def _below(
    page: Page, main: int | None, depths: NDArray[np.intp], own: NDArray[np.intp]
) -> NDArray[np.float64]:
    found = np.full(len(own), _OUTSIDE, np.float64)
    if main is not None:
        inside = slice(page.frames[main].start, page.frames[main].stop)
        found[inside] = depths[own[inside]] - depths[main]
    return found
