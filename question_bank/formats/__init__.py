"""The file formats of a question bank: which one a file has, and reading it."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Protocol

from question_bank.formats import aiken, gift, moodle_xml, qti, table, xlsx
from question_bank.formats.decode import MAX_BYTES, decode
from question_bank.formats.loaded import (
    FILE,
    NO_PICTURES,
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
    "Unreadable", "detect", "dump", "load", "losses",
]  # fmt: skip


class Format(Protocol):
    """A module that knows one file format."""

    def detect(self, name: str, data: bytes) -> bool:
        """Tell whether the file has this format; never raises."""

    def load(self, data: bytes) -> Loaded:
        """Return what the file holds; raises Unreadable."""


FORMATS: dict[str, Format] = {
    "csv": table,
    "xlsx": xlsx,
    "gift": gift,
    "aiken": aiken,
    "moodle_xml": moodle_xml,
    "qti": qti,
}
WRITERS: dict[str, Callable[[Iterable[Item], Mapping[str, bytes]], bytes]] = {
    "csv": table.dump,
    "xlsx": xlsx.dump,
    "gift": gift.dump,
    "moodle_xml": moodle_xml.dump,
    "qti30": qti.dump,
}


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


def dump(items: Iterable[Item], format: str, pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """Return the items, with their `pictures` by name, as a file of this format.

    The format is a name in WRITERS, KeyError for another; `losses` tells what it cannot hold.
    """
    return WRITERS[format](items, pictures)


def losses(items: Iterable[Item], format: str) -> list[Problem]:
    """Return a warning for everything of the items that a file of this format cannot hold."""
    return gift.losses(items) if format == "gift" else []
