"""Renditions: a picture in widths and formats of our own, from bytes that anybody may have sent."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError, features

from aggregator.errors import PictureError
from aggregator.model.picture import Copy, PictureFault, widths

LARGEST_BYTES: Final = 12 * 1024 * 1024
"""A larger file is not fetched to its end: what pages show is far below, scans for print are not."""

LARGEST_PIXELS: Final = 40_000_000
"""More are not decoded: a progressive JPEG of so many takes 240 MB, a bomb of 20 kB may claim billions."""

LEAST_WIDTH, LEAST_HEIGHT = 200, 100
"""Below this it is an icon, a counter of visits or a placeholder."""

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""What is read; SVG is a program in disguise, and everything else has no place on a page."""

_RECIPE: Final = b"1"  # another one, and the same bytes get other names: ours never change under their name
_NAME_CHARS: Final = 32
_WEBP: Final = {"quality": 78, "method": 4}
_AVIF: Final = {"quality": 58, "speed": 9, "max_threads": 1}  # as small as at 6, in a fifth of its time
_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@dataclass(frozen=True, slots=True)
class Renditions:
    """Our files of a picture; ``files`` maps the end of each one's name (``480.webp``) to its bytes."""

    copy: Copy
    files: dict[str, bytes]


def make(body: bytes) -> Renditions:
    """Decode, turn upright, and write anew in our widths as WebP and AVIF, without anything but the pixels.

    Of a moving picture the first frame counts; what is transparent becomes white; colours become sRGB's.

    Raises:
        PictureError: it is no picture that we read, too large, too small or broken; ``fault`` says which.
    """
    Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit only warns up to twice its number; ours stands below
    try:
        with Image.open(BytesIO(body), formats=FORMATS) as opened:
            _check(opened)
            opened.draft(None, (widths(opened.width)[-1],) * 2)
            picture = _upright(_in_colours(opened))
            return _rendered(picture, body)
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError(PictureFault.TYPE, "no JPEG, PNG, WebP, GIF or AVIF") from error
    except Exception as error:  # Pillow's readers raise whatever hostile bytes lead them to
        words = " ".join(str(error).split())[:200]
        raise PictureError(PictureFault.BROKEN, f"{type(error).__name__}: {words}") from error


def _check(opened: Image.Image) -> None:
    width, height = opened.size
    if width * height > LARGEST_PIXELS:
        raise PictureError(PictureFault.PIXELS, f"{width} x {height} pixels")
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        raise PictureError(PictureFault.SMALL, f"{width} x {height} pixels")


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its camera was held."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - what a camera wrote is often broken, and then tells nothing
        return picture


def _in_colours(opened: Image.Image) -> Image.Image:
    profile, exif = opened.info.get("icc_profile"), opened.info.get("exif")
    opened.load()
    picture: Image.Image = opened
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    elif profile and picture.mode in {"RGB", "CMYK", "L"}:
        picture = _by_profile(picture, profile)
    picture = picture.convert("RGB")
    if exif:
        picture.info["exif"] = exif
    return picture


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        made = ImageCms.profileToProfile(picture, BytesIO(profile), BytesIO(_SRGB), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture  # a profile that does not fit its picture; colours are nearly right without
    return made or picture


def _rendered(picture: Image.Image, body: bytes) -> Renditions:
    has_avif = bool(features.check("avif"))
    name = hashlib.sha256(_RECIPE + body).hexdigest()[:_NAME_CHARS]
    files, height = {}, 0
    for width in widths(picture.width):
        height = max(1, round(picture.height * width / picture.width))
        small = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        small.info.clear()
        files[f"{width}.webp"] = _written(small, "WEBP", _WEBP)
        if has_avif:
            files[f"{width}.avif"] = _written(small, "AVIF", _AVIF)
    return Renditions(Copy(name, widths(picture.width)[-1], height, has_avif), files)


def _written(picture: Image.Image, kind: str, how: dict[str, int]) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()
