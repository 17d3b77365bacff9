"""Which old code page makes the better words of bytes that are not UTF-8."""

import re
from collections.abc import Iterator

# Windows, and the two that consoles and DOS programs wrote
NAMES = {"cp1252": "Windows-1252", "cp850": "CP850 (DOS)", "cp437": "CP437 (DOS)"}

_HIGH = re.compile(rb"[\x80-\xff]")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SAMPLED = 5000
_OPENING, _CLOSING = "\u201c\u2018\u00ab\u201e\u201a", "\u201d\u2019\u00bb\u2026"
_LOOSE = (
    "\u2013\u2014\u2022\u00b7\u00d7\u00f7\u00b1\u00b0\u00b2\u00b3\u00bd\u00bc"
    "\u00be\u00a9\u00ae\u2122\u20ac\u00a3\u00a7\u00b5\u00a0"
)


def best_guess(data: bytes) -> str | None:
    """Return the code page under which these bytes look most like words, None when under none."""
    scores = {name: _score(data, name) for name in NAMES}
    known = {name: score for name, score in scores.items() if score is not None}
    if known.get("cp1252") is None:
        if len(_HIGH.findall(data)) * 2 > len(data):  # even a console wrote its Latin letters in ASCII
            return None
        known = {name: score for name, score in known.items() if score > 0}
    return max(known, key=lambda name: known[name]) if known else None


def repaired(data: bytes) -> str | None:
    """Return text in UTF-8 with a few stray bytes of Windows-1252 in it; None when it is mostly not UTF-8."""
    sound = len(_SEQUENCE.findall(data))
    if not sound:
        return None
    text = data.decode("utf-8-sig", "surrogateescape")
    stray = re.findall("[\udc80-\udcff]", text)
    if not stray or len(stray) * 2 > sound:
        return None
    return re.sub("[\udc80-\udcff]", lambda found: _windows(ord(found[0]) - 0xDC00), text)


def _windows(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "replace")


def _score(data: bytes, name: str) -> float | None:
    if name == "cp1252":
        try:
            data.decode(name)
        except UnicodeDecodeError:
            return None
    return sum(_weights(data, name))


def _weights(data: bytes, name: str) -> Iterator[float]:
    for count, found in enumerate(_HIGH.finditer(data)):
        if count == _SAMPLED:
            break
        at = found.start()
        before, after = (
            data[max(at - 1, 0) : at].decode(name, "replace"),
            data[at + 1 : at + 2].decode(name, "replace"),
        )
        yield _weight(before, found[0].decode(name), after)


def _weight(before: str, char: str, after: str) -> float:
    """How well a character sits between its neighbours: 1 as in a word, -1 as an accident."""
    inside = before.isalpha() and after.isalpha()
    if char.isalpha():
        if char.isupper() and before.islower():
            return -1.0
        return 1.0 if inside else 0.6 if before.isalpha() or after.isalpha() else 0.0
    if char in _OPENING and after.isalnum() and not before.isalnum():
        return 1.0
    if char == "\u2019" and inside:
        return 1.0
    if char in _CLOSING and not after.isalnum() and before.strip():
        return 0.9 if char != "\u201a" else 0.0
    return 0.5 if char in _LOOSE and not inside else -1.0
