"""Pictures of items: decoded whole, bounded, written anew without metadata, kept once per content."""

from __future__ import annotations

import hashlib
import io
import warnings

from PIL import Image, UnidentifiedImageError

MOST_BYTES = 2_000_000
MOST_PIXELS = 4_000_000
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class BadPicture(Exception):
    """A file that cannot serve as a picture; its text says why, in one sentence."""


def read_picture(name: str, data: bytes) -> tuple[str, str, bytes, int, int]:
    """(sha256, media type, bytes, width, height) of a PNG or JPEG; raises BadPicture."""
    if len(data) > MOST_BYTES:
        raise BadPicture(f"Gambar {name} lebih besar dari {MOST_BYTES // 1_000_000} MB; perkecil dahulu.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES)) as image:
                return _rewrite(name, image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError,
            Image.DecompressionBombWarning) as problem:  # fmt: skip
        raise BadPicture(
            f"Gambar {name} bukan PNG atau JPEG yang utuh; simpan ulang lalu coba lagi."
        ) from problem


def _rewrite(name: str, image: Image.Image) -> tuple[str, str, bytes, int, int]:
    if image.width * image.height > MOST_PIXELS:
        raise BadPicture(f"Gambar {name} terlalu luas ({image.width}x{image.height}); perkecil dahulu.")
    kind = str(image.format)
    out = io.BytesIO()
    if kind == "JPEG":
        image.convert("RGB").save(out, "JPEG", quality=85)
    else:
        image.save(out, "PNG", optimize=True)
    content = out.getvalue()
    return hashlib.sha256(content).hexdigest(), MEDIA_TYPES[kind], content, image.width, image.height
