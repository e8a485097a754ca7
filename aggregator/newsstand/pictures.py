"""The pictures of the demo: small SVG seascapes, another one for each slug."""

import hashlib

_SKY = ("#f4d9b0", "#cfe3ee", "#f1c6c0", "#d8e6cf", "#dcd3ea", "#fbe8a6")
_SEA = ("#24506b", "#1d6b66", "#3b4a7a", "#456b8a", "#2f4f4f", "#5a4b72")
_WIDTH, _HEIGHT = 960, 540


def picture(slug: str) -> bytes:
    """An SVG of 960 x 540 that depends on the slug only: sky, sun, two waves, a boat."""
    seed = hashlib.sha256(slug.encode()).digest()
    sky, sea = _SKY[seed[0] % len(_SKY)], _SEA[seed[1] % len(_SEA)]
    sun_x, sun_y, boat_x = 120 + seed[2] * 2.8, 90 + seed[3] * 0.5, 200 + seed[4] * 2
    horizon = 300 + seed[5] % 60
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' width="{_WIDTH}" height="{_HEIGHT}">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{sky}"/>'
        f'<circle cx="{sun_x:.0f}" cy="{sun_y:.0f}" r="{30 + seed[6] % 40}" fill="#fff6df"/>'
        f'<rect y="{horizon}" width="{_WIDTH}" height="{_HEIGHT - horizon}" fill="{sea}"/>'
        f'<path d="M{boat_x:.0f} {horizon + 40}h150l-30 34h-90z'
        f'M{boat_x + 70:.0f} {horizon + 30}v-120l60 120z" fill="#fdfaf3"/>'
        f'<path d="M0 {horizon + 96}q120-24 240 0t240 0 240 0 240 0V540H0z" fill="#00000022"/>'
        f"</svg>\n"
    ).encode()
