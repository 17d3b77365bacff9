"""A picture is decoded whole and written anew: what is kept has the pixels and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageOps

from exam_server.documents.rules import MOST_PIXELS
from exam_server.documents.signatures import Problem

Decoded = TypeVar("Decoded")

LONGEST = 2400
"""Pixels of the longer side of a kept picture: the letters of a KTP stay readable when enlarged."""

THUMBNAIL = 240
QUALITY = 85

Image.MAX_IMAGE_PIXELS = None  # our own limit stands in `_decoded`, before anything is decoded


def keep_picture(source: Path, folder: Path) -> tuple[int, int]:
    """(width, height) of the upright picture written as page 1 and thumbnail; raises Problem."""
    picture = _decoded(source)
    save(picture, folder / "page-1.jpg")
    save_thumbnail(picture, folder)
    return picture.size


def save(picture: Image.Image, path: Path, quality: int = QUALITY) -> None:
    """One JPEG without metadata."""
    picture.save(path, "JPEG", quality=quality, exif=b"", icc_profile=None)


def save_thumbnail(picture: Image.Image, folder: Path) -> None:
    """The small picture of lists, at most THUMBNAIL pixels wide and high."""
    small = picture.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    save(small, folder / "thumb.jpg", 75)


def _decoded(source: Path) -> Image.Image:
    """Upright, opaque, not larger than LONGEST."""
    with guarded(lambda: Image.open(source, formats=("JPEG", "PNG"))) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Problem("too_many_pixels")
        image.draft("RGB", (LONGEST, LONGEST))  # a large JPEG is decoded at a half or a quarter, but whole
        guarded(image.load)
        smooth = guarded(lambda: _in_shades(image))
        smooth.thumbnail((LONGEST, LONGEST))
        return _opaque(guarded(lambda: ImageOps.exif_transpose(smooth)))


def guarded(act: Callable[[], Decoded]) -> Decoded:
    """What the decoder makes of a stranger's bytes; raises Problem when it can make nothing of them."""
    try:
        return act()
    except MemoryError:
        raise
    except Exception as problem:  # decoders raise whatever they stumble over
        raise Problem("damaged") from problem


def _in_shades(picture: Image.Image) -> Image.Image:
    """With colours that can be mixed: made smaller, a palette or black and white would fray."""
    if picture.mode.startswith("I"):  # 16 bits per pixel
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("1", "P"):
        return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    return picture


def _opaque(picture: Image.Image) -> Image.Image:
    """In plain colours, what was transparent on white."""
    if picture.mode in ("RGBA", "LA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.new("RGBA", layer.size, "white")
        picture.alpha_composite(layer)
    plain = picture.convert("RGB")
    plain.info.clear()
    return plain
