"""Pictures inside a file: what they are called, which kinds are taken, and how an address becomes bytes."""

import base64
import binascii
import hashlib
import re

_ENDING = re.compile(r"\.([A-Za-z0-9]{1,5})(?:[?#].*)?$", re.DOTALL)
_DATA_URL = re.compile(r"\s*data:[^,;]{0,100}(?:;[^,;]{0,100}){0,5};base64\s*,", re.IGNORECASE)
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]{1,20}:)?//", re.IGNORECASE)
_QUOTED = re.compile(rb"%([0-9A-Fa-f]{2})")


def kind_of(data: bytes) -> str:
    """Return the ending for a picture that can be shown (png, jpg, gif, webp, bmp), "" for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return "bmp" if data.startswith(b"BM") and data[6:10] == bytes(4) else ""


def name_of(hint: str, data: bytes) -> str:
    """Return a safe name that is the same for the same bytes; the hint only lends its ending."""
    found = _ENDING.search(hint)
    ending = kind_of(data) or (found[1].lower() if found else "bin")
    return f"{hashlib.sha256(data).hexdigest()[:16]}.{ending}"


def data_of(address: str) -> bytes | None:
    """Return the bytes inside a data: address, None when it is no such address or cannot be read."""
    found = _DATA_URL.match(address)
    if found is None:
        return None
    return from_base64(unquoted(address[found.end() :]))


def from_base64(text: str) -> bytes | None:
    """Return the bytes, blanks and line ends in the text forgiven; None when it is not base64."""
    packed = "".join(text.split())
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def is_remote(address: str) -> bool:
    """Tell whether an address leads to another site."""
    return _REMOTE.match(address) is not None


def unquoted(address: str) -> str:
    """Return an address with its %XX resolved, as UTF-8."""
    if "%" not in address:
        return address
    raw = address.encode("utf-8", "replace")
    return _QUOTED.sub(lambda found: bytes([int(found[1], 16)]), raw).decode("utf-8", "replace")
