"""Pictures of items: decoded whole, bounded, written anew without metadata, kept once per content."""

from __future__ import annotations

import hashlib
import io
import warnings

from PIL import Image, UnidentifiedImageError

from exam_server.errors import N_, Refusal

MOST_BYTES = 2_000_000
MOST_PIXELS = 4_000_000
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
READ = (*MEDIA_TYPES, "GIF", "WEBP", "BMP")
"""Kinds that are read; whatever is no JPEG is kept as a PNG, of a moving one its first picture."""


class BadPicture(Refusal):
    """A file that cannot serve as a picture; its sentence names it and says why."""

    code = "bad_picture"
    sentence = N_("Gambar {name} tidak dapat dibuka; simpan ulang sebagai PNG atau JPEG, lalu coba "
                  "lagi.")  # fmt: skip


class PictureMissing(BadPicture):
    code = "picture_missing"
    sentence = N_("Gambar {name} tidak ada, baik di dalam berkas maupun di sampingnya. Sertakan gambar itu, "
                  "lalu ulangi.")  # fmt: skip


class PictureTooHeavy(BadPicture):
    code = "picture_too_heavy"
    sentence = N_("Gambar {name} lebih besar dari {limit} MB; perkecil dahulu.")


class PictureTooWide(BadPicture):
    code = "picture_too_wide"
    sentence = N_("Gambar {name} terlalu luas ({width}x{height} piksel); perkecil dahulu.")


def read_picture(name: str, data: bytes) -> tuple[str, str, bytes, int, int]:
    """(sha256, media type, bytes, width, height) of a picture of a kind in READ; raises BadPicture."""
    if len(data) > MOST_BYTES:
        raise PictureTooHeavy(name=name, limit=MOST_BYTES // 1_000_000)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(READ)) as image:
                return _rewrite(name, image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError,
            Image.DecompressionBombWarning) as problem:  # fmt: skip
        raise BadPicture(name=name) from problem


def _rewrite(name: str, image: Image.Image) -> tuple[str, str, bytes, int, int]:
    if image.width * image.height > MOST_PIXELS:
        raise PictureTooWide(name=name, width=image.width, height=image.height)
    kind = "JPEG" if image.format == "JPEG" else "PNG"
    out = io.BytesIO()
    if kind == "JPEG":
        image.convert("RGB").save(out, "JPEG", quality=85)
    else:
        still = image if image.format == "PNG" else image.convert("RGBA" if _sees_through(image) else "RGB")
        still.save(out, "PNG", optimize=True)
    content = out.getvalue()
    return hashlib.sha256(content).hexdigest(), MEDIA_TYPES[kind], content, image.width, image.height


def _sees_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
