"""Renditions: what outlets send becomes small clean files of ours; what is hostile becomes a reason."""

import random
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, features

from aggregator.errors import PictureError
from aggregator.model.picture import PictureFault, widths
from aggregator.renditions import LARGEST_PIXELS, make


def drawn(width: int = 1600, height: int = 900, mode: str = "RGB") -> Image.Image:
    """A picture whose upper left quarter is red, the rest blue."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height // 2))
    return picture.convert(mode)


def sent(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    return Image.open(BytesIO(body))


def test_a_picture_is_kept_in_widths_that_it_has_in_both_formats() -> None:
    made = make(sent(drawn(), "JPEG"))
    assert (made.copy.width, made.copy.height, made.copy.has_avif) == (1440, 810, True)
    assert features.check("avif"), "the pinned Pillow writes AVIF"
    shapes = {ending: (opened(body).format, opened(body).size) for ending, body in made.files.items()}
    assert shapes == {
        f"{width}.{kind}": (kind.upper(), (width, height))
        for width, height in ((480, 270), (960, 540), (1440, 810))
        for kind in ("webp", "avif")
    }
    assert make(sent(drawn(), "JPEG")).copy.name == made.copy.name
    assert make(sent(drawn(1602), "JPEG")).copy.name != made.copy.name
    assert widths(500) == (480,)
    assert widths(300) == (300,), "nothing is made wider than it was"


def test_nothing_but_the_pixels_is_left() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 26.0)  # where its camera stood
    body = sent(drawn(), "JPEG", exif=exif, icc_profile=b"not a profile", comment=b"a secret")
    for file in make(body).files.values():
        assert not opened(file).info.keys() & {"exif", "icc_profile", "comment", "xmp"}
        assert b"secret" not in file


def test_a_picture_stands_as_its_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    made = make(sent(drawn(1200, 600), "JPEG", exif=exif))
    assert (made.copy.width, made.copy.height) == (480, 960)
    turned = opened(made.files["480.webp"]).convert("RGB")
    red, blue = turned.getpixel((420, 60)), turned.getpixel((60, 60))
    assert (red[0] > 200, red[2] < 90) == (True, True)
    assert (blue[2] > 200, blue[0] < 90) == (True, True)


MODES = {
    "in colours of print": sent(drawn(600, 400, mode="CMYK"), "JPEG"),
    "grey": sent(drawn(600, 400, mode="L"), "JPEG"),
    "of 16 bits": sent(drawn(600, 400, mode="L").convert("I;16"), "PNG"),
    "of few colours": sent(drawn(600, 400, mode="P"), "PNG"),
    "moving": sent(drawn(600, 400), "GIF", save_all=True, append_images=[drawn(600, 400, mode="L")] * 3),
    "moving, new": sent(
        drawn(600, 400), "WEBP", save_all=True, append_images=[drawn(600, 400).rotate(90)] * 3
    ),
    "progressive": sent(drawn(600, 400), "JPEG", progressive=True),
    "very wide": sent(drawn(3000, 100), "PNG"),
}


@pytest.mark.parametrize("kind", MODES)
def test_every_usual_kind_of_picture_is_read(kind: str) -> None:
    made = make(MODES[kind])
    for file in made.files.values():
        assert opened(file).convert("RGB").size[0] in widths(3000)
        assert getattr(opened(file), "n_frames", 1) == 1


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    middle = opened(make(sent(clear, "PNG")).files["480.webp"]).convert("RGB").getpixel((240, 160))
    assert min(middle) > 250


def png(width: int, height: int) -> bytes:
    """A small file that says that it is so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + (chunk(b"IEND", b""))
    )


HOSTILE = {
    "nothing": (b"", PictureFault.TYPE),
    "a page": (b"<!DOCTYPE html><title>Not found</title>", PictureFault.TYPE),
    "a drawing with a script": (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><script>alert(1)</script></svg>',
        PictureFault.TYPE,
    ),
    "a print format": (sent(drawn(), "TIFF"), PictureFault.TYPE),
    "an icon": (sent(drawn(64, 64), "PNG"), PictureFault.SMALL),
    "a counter": (sent(drawn(1, 1), "GIF"), PictureFault.SMALL),
    "a bomb": (png(60_000, 60_000), PictureFault.PIXELS),
    "just too large": (png(LARGEST_PIXELS // 1000 + 1, 1000), PictureFault.PIXELS),
    "too few rows": (png(2000, 1000), PictureFault.BROKEN),
    "cut off": (sent(drawn().effect_spread(40), "JPEG")[:20_000], PictureFault.BROKEN),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_picture_for_readers_has_a_reason(kind: str) -> None:
    body, fault = HOSTILE[kind]
    with pytest.raises(PictureError) as caught:
        make(body)
    assert caught.value.fault == fault
    assert str(caught.value)


def test_damaged_bytes_end_in_a_picture_or_a_reason() -> None:
    chance = random.Random(7)  # noqa: S311 - the same damage every time
    whole = [
        sent(drawn(260, 130), "JPEG"),
        sent(drawn(260, 130), "PNG"),
        sent(drawn(260, 130), "WEBP"),
        sent(drawn(260, 130, "P"), "GIF"),
        sent(drawn(260, 130), "AVIF"),
    ]
    faults = set()
    for number in range(60):
        body = bytearray(whole[number % len(whole)])
        for _ in range(chance.randint(1, 8)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        try:
            assert make(bytes(body)).files
        except PictureError as error:
            faults.add(error.fault)
    assert PictureFault.BROKEN in faults
