"""Sparklines: a row of numbers as a small drawing, made on the server (SVG)."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

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
    return Markup(  # noqa: S704 - numbers of ours alone, and words that are escaped
        f'<svg class="spark" viewBox="0 0 {width} {height + 1}" width="{width}" height="{height + 1}" '
        f'role="img" aria-label="{escape(words)}" preserveAspectRatio="none">'
        f'<path class="ground" d="M0 {height + 0.5}H{width}"/>{"".join(drawn)}</svg>'
    )
