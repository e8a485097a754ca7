"""The pictures of the demo: small seascapes, another one for each slug."""

import hashlib
from functools import lru_cache
from io import BytesIO
from math import sin, tau

from PIL import Image, ImageDraw

_SKY = ("#f4d9b0", "#cfe3ee", "#f1c6c0", "#d8e6cf", "#dcd3ea", "#fbe8a6")
_SEA = ("#24506b", "#1d6b66", "#3b4a7a", "#456b8a", "#2f4f4f", "#5a4b72")
_WIDTH, _HEIGHT = 1600, 900  # of the drawing
_SIZE = (960, 540)  # of the file
_Line = list[tuple[float, float]]


@lru_cache(maxsize=64)
def picture(slug: str) -> bytes:
    """A JPEG of 960 x 540 that depends on the slug only: sky, sun, hills, waves, a boat."""
    seed = hashlib.sha256(slug.encode()).digest()
    large = Image.new("RGB", (_WIDTH, _HEIGHT), _SKY[seed[0] % len(_SKY)])
    draw = ImageDraw.Draw(large)
    horizon = 480 + seed[5] % 140
    _sun(draw, 220 + seed[2] * 4.5, 130 + seed[3] * 0.9, 50 + seed[6] % 70)
    hills = _wave(horizon - 50 - seed[7] % 60, 60 + seed[8] % 50, 1.1, seed[9])
    draw.polygon(_above(hills, horizon), fill="#8a9a9a")
    sea = _SEA[seed[1] % len(_SEA)]
    draw.rectangle((0, horizon, _WIDTH, _HEIGHT), fill=sea)
    for row in range(4):
        wave = _wave(horizon + 60 + row * 80, 14 + row * 4, 5 - row * 0.8, seed[10 + row])
        draw.polygon(_above(wave, _HEIGHT), fill=_darker(sea, 0.92 - row * 0.09))
    _boat(draw, 320 + seed[4] * 3.6, horizon + 40)
    out = BytesIO()
    large.resize(_SIZE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _sun(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#fff6df")


def _boat(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    for points in (
        ((x, y), (x + 250, y), (x + 200, y + 58), (x + 50, y + 58)),
        ((x + 112, y - 14), (x + 112, y - 215), (x + 220, y - 14)),
        ((x + 100, y - 14), (x + 100, y - 180), (x + 22, y - 14)),
    ):
        draw.polygon(points, fill="#fdfaf3")


def _wave(top: float, height: float, waves: float, phase: int) -> _Line:
    return [
        (x, top + height * sin(tau * (waves * x / _WIDTH + phase / 256))) for x in range(0, _WIDTH + 1, 10)
    ]


def _above(line: _Line, bottom: float) -> _Line:
    return [*line, (_WIDTH, bottom), (0, bottom)]


def _darker(colour: str, share: float) -> str:
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{int(part * share):02x}" for part in parts)
