"""Bytes to text: UTF-8 first, UTF-16 by its mark, Windows-1252 as a guess that is reported."""

import codecs
import re

from question_bank.formats.loaded import FILE, Unreadable
from question_bank.problems import Problem

MAX_BYTES = 10 * 1024 * 1024

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes) -> tuple[str, list[Problem]]:
    """Return the text with \\n line ends and the warnings; raises Unreadable (empty, too large, no text)."""
    if len(data) > MAX_BYTES:
        raise Unreadable(Problem(FILE, "file_too_large", {"limit": MAX_BYTES // 1024 // 1024}))
    text, warnings = _characters(data)
    if "\x00" in text or (warnings and _CONTROL.search(text)):
        raise Unreadable(Problem(FILE, "file_not_text"))
    if not text.strip():
        raise Unreadable(Problem(FILE, "file_empty"))
    return text.replace("\r\n", "\n").replace("\r", "\n"), warnings


def is_text(data: bytes) -> bool:
    """Tell whether `decode` can read these bytes."""
    try:
        decode(data)
    except Unreadable:
        return False
    return True


def _characters(data: bytes) -> tuple[str, list[Problem]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _strictly(data, "cp1252"), [Problem(FILE, "encoding_guessed")]


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(Problem(FILE, "file_not_text")) from error
