"""The file formats of a question bank: which one a file has, and reading it."""

from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Protocol

from question_bank.formats import gift, table
from question_bank.formats.decode import MAX_BYTES, decode
from question_bank.formats.loaded import (
    FILE,
    AmbiguousFormat,
    Loaded,
    Located,
    UnknownFormat,
    Unreadable,
)
from question_bank.items import Item
from question_bank.problems import Problem, excerpt

__all__ = [
    "FORMATS", "MAX_BYTES", "WRITERS", "AmbiguousFormat", "Format", "Loaded", "Located", "UnknownFormat",
    "Unreadable", "detect", "dump", "load",
]  # fmt: skip


class Format(Protocol):
    """A module that knows one file format."""

    def detect(self, name: str, data: bytes) -> bool:
        """Tell whether the file has this format; never raises."""

    def load(self, data: bytes) -> Loaded:
        """Return what the file holds; raises Unreadable."""


FORMATS: dict[str, Format] = {"csv": table, "gift": gift}
WRITERS: dict[str, Callable[[Iterable[Item]], bytes]] = {"csv": table.dump, "gift": gift.dump}


def detect(name: str, data: bytes) -> str:
    """Return the name of the file's format; raises UnknownFormat, AmbiguousFormat, Unreadable."""
    claims = [known for known, module in FORMATS.items() if module.detect(name, data)]
    if len(claims) == 1:
        return claims[0]
    params = {"name": excerpt(PurePath(name).name), "formats": ", ".join(claims or FORMATS)}
    if claims:
        raise AmbiguousFormat(Problem(FILE, "format_ambiguous", params))
    decode(data)  # says better than "unknown" why nothing can read an empty, huge or binary file
    raise UnknownFormat(Problem(FILE, "format_unknown", params))


def load(name: str, data: bytes, format: str | None = None) -> Loaded:
    """Return everything the file holds, validated, all problems with their places.

    Raises Unreadable (empty, too large, not text), UnknownFormat or AmbiguousFormat.
    """
    chosen = detect(name, data) if format is None else format
    if chosen not in FORMATS:
        params = {"name": excerpt(chosen), "formats": ", ".join(FORMATS)}
        raise UnknownFormat(Problem(FILE, "format_unknown", params))
    return FORMATS[chosen].load(data)


def dump(items: Iterable[Item], format: str) -> bytes:
    """Return the items as a file of this format (a name in WRITERS; KeyError for another)."""
    return WRITERS[format](items)
