"""Sparklines: a row of numbers as a small drawing, made on the server (SVG)."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

BAR: Final = 4
GAP: Final = 1
HEIGHT: Final = 28


def bars(values: Sequence[float | None], words: str, *, height: int = HEIGHT) -> Markup:
    """Numbers as bars from left to right, the largest as high as the drawing; None leaves a gap.

    ``words`` say what is drawn, for those who do not see it. A number that is not zero is seen.
    """
    most = max((value for value in values if value is not None), default=0) or 1
    width = len(values) * (BAR + GAP)
    drawn = []
    for place, value in enumerate(values):
        if not value:
            continue
        tall = max(round(value / most * height, 1), 1.5)
        drawn.append(
            f'<rect x="{place * (BAR + GAP)}" y="{height - tall:g}" width="{BAR}" height="{tall:g}"/>'
        )
    # Numbers of ours alone; the words are escaped by the format.
    start = Markup(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}" '
        'preserveAspectRatio="none"><path class="ground" d="M0 {}H{}"/>'
    ).format(width, height + 1, width, height + 1, words, height + 0.5, width)
    return start + Markup("".join(drawn)) + Markup("</svg>")  # noqa: S704 - see above
