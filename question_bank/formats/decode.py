"""Bytes to text: UTF-8 first, UTF-16 by its mark or its zeros, old code pages as a guess that is reported."""

import codecs
import re

from question_bank.formats.codepages import NAMES, best_guess, repaired
from question_bank.formats.loaded import FILE, Unreadable
from question_bank.problems import Problem

MAX_BYTES = 10 * 1024 * 1024

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SAMPLE = 4000


def decode(data: bytes) -> tuple[str, list[Problem]]:
    """Return the text with \\n line ends and the warnings; raises Unreadable (empty, too large, no text)."""
    if len(data) > MAX_BYTES:
        raise Unreadable(Problem(FILE, "file_too_large", {"limit": MAX_BYTES // 1024 // 1024}))
    text, warnings = _characters(data)
    if "\x00" in text or (warnings and _CONTROL.search(text.removesuffix("\x1a"))):
        raise Unreadable(Problem(FILE, "file_not_text"))
    text = text.removesuffix("\x1a")  # the end of a text in the days of the old code pages
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
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return _strictly(data, unmarked), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> tuple[str, list[Problem]]:
    text = repaired(data)
    if text is not None:
        return text, [Problem(FILE, "encoding_mixed")]
    name = best_guess(data)
    if name is None:
        raise Unreadable(Problem(FILE, "file_not_text"))
    return _strictly(data, name), [Problem(FILE, "encoding_guessed", {"encoding": NAMES[name]})]


def _utf16_without_mark(data: bytes) -> str:
    """The byte order of Latin text in UTF-16 whose mark is missing: nearly every other byte is zero."""
    sample = data[: min(_SAMPLE, len(data) // 2 * 2)]
    if len(sample) < 8 or len(data) % 2:
        return ""
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    most = len(sample) // 2
    if high > most * 0.7 and low < most * 0.05:
        return "utf-16-le"
    return "utf-16-be" if low > most * 0.7 and high < most * 0.05 else ""


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(Problem(FILE, "file_not_text")) from error
