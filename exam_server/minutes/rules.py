"""A berita acara as a document: plain parts, one way of writing them down, one hash, and what differs.

Nothing in it depends on when it is looked at: the same facts are the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

FORMAT = 1
LATE_AFTER = timedelta(minutes=5)
"""Everybody begins a little after the doors open; who begins later than this is told as late."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Part:
    """One part of the document: sentences, then a table; `head` is empty where a row says what it is."""

    key: str
    title: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """What stands at the foot of every page: which version it is (or a draft), and its hash."""

    status: str
    sha256: str
    made_at: datetime


@dataclass(frozen=True)
class Document:
    """The whole text, as it is read and printed; `signatures` are (in which capacity, name)."""

    sitting: str
    title: str
    letterhead: tuple[str, ...]
    opening: str
    parts: tuple[Part, ...]
    attendance: Part
    signatures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Change:
    """What one part says now and did not, and the other way round."""

    title: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def canonical(document: Document) -> str:
    """The one way in which a document is written down."""
    return _CANONICAL.encode(asdict(document) | {"format": FORMAT})


def seal(content: str) -> str:
    """SHA-256 of what was written down, 64 hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()


def read(content: str) -> Document:
    """The document that was written down; raises ValueError."""
    try:
        said = json.loads(content)
        said.pop("format")
        return Document(**said | {
            "letterhead": tuple(said["letterhead"]),
            "parts": tuple(_part(one) for one in said["parts"]), "attendance": _part(said["attendance"]),
            "signatures": tuple((capacity, name) for capacity, name in said["signatures"]),
        })  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ValueError("this is no document") from problem


def _part(said: dict[str, Any]) -> Part:
    return Part(said["key"], said["title"], tuple(said["head"]), tuple(map(tuple, said["rows"])),
                tuple(said["lines"]))  # fmt: skip


def changes(old: Document, new: Document) -> tuple[Change, ...]:
    """What differs between two documents, part by part; empty when they say the same."""
    before, after = _said(old), _said(new)
    found = []
    for title in dict.fromkeys([*after, *before]):
        here, there = before.get(title, ()), after.get(title, ())
        gone, fresh = _without(here, set(there)), _without(there, set(here))
        if gone or fresh:
            found.append(Change(title, gone, fresh))
    return tuple(found)


def _without(lines: Iterable[str], known: set[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line not in known)


def _said(document: Document) -> dict[str, tuple[str, ...]]:
    """By title: every line of a part, cells joined."""
    top = (*document.letterhead, document.opening)
    said = {document.title: top}
    for part in (*document.parts, document.attendance):
        said[part.title] = (*part.lines, *(_joined(row) for row in part.rows))
    said["Tanda tangan"] = tuple(_joined(pair) for pair in document.signatures)
    return said


def _joined(cells: Iterable[str]) -> str:
    return " | ".join(filter(None, cells))


def late_by(starts_at: datetime, began_at: datetime) -> int:
    """Whole minutes after the opening, rounded down; 0 for who was in time."""
    late = began_at - starts_at
    return late // timedelta(minutes=1) if late > LATE_AFTER else 0


def tidy(text: str) -> str:
    """One line without characters that control a screen or a printer; letters stay as they are."""
    kept = "".join(" " if one.isspace() or unicodedata.category(one) == "Cc" else one for one in text
                   if unicodedata.category(one) not in ("Cf", "Cs", "Co"))  # fmt: skip
    return " ".join(kept.split())


def ranges(numbers: Sequence[int]) -> str:
    """1, 4, 7–12"""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    if len(run) < 3:
        return ", ".join(map(str, run))
    return f"{run[0]}–{run[-1]}"
