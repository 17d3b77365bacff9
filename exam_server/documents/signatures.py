"""What a file really is, read from its own bytes: neither its name nor its declared type counts."""

from __future__ import annotations

import re

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"


class Problem(Exception):
    """A file that is refused; `code` names why, see `refusals`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"<?php", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"dex\n")
OFFICE = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
)
PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
PDF_WITHIN = 1024
"""Readers look for the head of a PDF this far into the file."""

HIDDEN_CODE = re.compile(rb"<(?:\?php|script|html|!doctype)[\t\n\r -~]{4}", re.IGNORECASE)
"""Five readable signs in a row that open a program; noise in a photo does not look like that."""


def recognise(data: bytes) -> str:
    """JPEG, PNG or PDF; raises Problem with a code that lets its sentence help."""
    if not data:
        raise Problem("empty")
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if other := _other(data):
        raise Problem(other)
    if b"%PDF-" in data[:PDF_WITHIN]:
        return PDF
    raise Problem("unknown_type")


def _other(data: bytes) -> str | None:
    """The code of something else that people send, or nothing."""
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "heic"
    if data.startswith(b"GIF8"):
        return "gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    text = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(PROGRAMS) or data.startswith(PROGRAMS):
        return "program"
    if data.startswith(OFFICE):
        return "office"
    if text.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in text:
        return "svg"
    return "html" if text.startswith(PAGES) else None


def refuse_hidden_code(data: bytes, media_type: str) -> None:
    """Raises Problem when a picture carries a program in its comments, its metadata or behind its end."""
    beside = _beside_jpeg(data) if media_type == JPEG else _beside_png(data)
    if HIDDEN_CODE.search(beside):
        raise Problem("hidden_code")


def _beside_jpeg(data: bytes) -> bytes:
    """Everything but the compressed picture, in which any byte may stand by chance."""
    kept, at = [], 2
    while (marker := data.find(b"\xff", at)) >= 0 and marker + 4 <= len(data):
        kind = data[marker + 1]
        if kind == 0xD9:
            kept.append(data[marker:])
            break
        if kind in (0x00, 0x01, 0xFF) or 0xD0 <= kind <= 0xD8:
            at = marker + (1 if kind == 0xFF else 2)
            continue
        at = marker + 2 + int.from_bytes(data[marker + 2 : marker + 4], "big")
        kept.append(data[marker:at])
    return b"\n".join(kept)


def _beside_png(data: bytes) -> bytes:
    kept, at = [], 8
    while at + 8 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if kind != b"IDAT":
            kept.append(data[at:end])
        at = end
        if kind == b"IEND":
            break
    return b"\n".join([*kept, data[at:]])
