"""Reading a rescue file: what a page wrote when its network never returned. It could be forged by anybody.

Whatever is read here is checked against the attempt and its own paper before a byte of it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from exam_server.clock import from_ms
from exam_server.exam.rules import Item, read_items
from exam_server.extra_time import rules
from exam_server.extra_time.refusals import (
    FileBadEntry,
    FileMissing,
    FileOfAnother,
    FileOfOtherPaper,
    FileTooLarge,
    FileUnreadable,
    FileVersion,
)

VERSION = 1
LARGEST_MS = 2**43
"""Past the year 2240: no clock tells such milliseconds."""


@dataclass(frozen=True)
class Belongs:
    """What a file has to agree with: the attempt's public id, its paper's hash, options of each position."""

    attempt: str
    paper: str
    options: Sequence[int]


@dataclass(frozen=True)
class Kept:
    """One answer of a file, and when its page says it was chosen."""

    item: Item
    chosen_at: datetime | None


@dataclass(frozen=True)
class Rescue:
    """A file that fits its attempt: the lease its page held, when it says it was made, its answers."""

    lease: int
    made_at: datetime | None
    answers: tuple[Kept, ...]


def read(content: bytes, whose: Belongs) -> Rescue:
    """The file, with the newest answer of each position.

    Raises FileMissing, FileTooLarge, FileUnreadable, FileVersion, FileOfAnother, FileOfOtherPaper,
    FileBadEntry.
    """
    if not content:
        raise FileMissing
    if len(content) > rules.LARGEST_FILE:
        raise FileTooLarge(most=rules.LARGEST_FILE // 1024)
    said = _object(content)
    if said.get("kind") != "rescue":
        raise FileUnreadable
    if said.get("version") != VERSION or isinstance(said.get("version"), bool):
        raise FileVersion
    if said.get("attempt") != whose.attempt:
        raise FileOfAnother
    if said.get("paper") != whose.paper:
        raise FileOfOtherPaper
    return _rescue(said, whose.options)


def _object(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content.decode())
    except (ValueError, RecursionError) as problem:  # brackets within brackets, thousands deep
        raise FileUnreadable from problem
    if not isinstance(said, dict):
        raise FileUnreadable
    return said


def _rescue(said: dict[str, Any], options: Sequence[int]) -> Rescue:
    lease, entries = said.get("lease"), said.get("entries")
    if not isinstance(lease, int) or isinstance(lease, bool) or not 0 <= lease < 2**31:
        raise FileUnreadable
    try:
        items, _ = read_items(entries, options)
    except ValueError as problem:
        raise FileUnreadable from problem
    times = {}
    for number, entry in enumerate(entries or [], 1):
        key = _checked(entry, options, number)
        times[key] = _instant(entry.get("chosen_at"), number)
    answers = tuple(Kept(item, times[item.position, item.seq]) for item in items)
    return Rescue(lease, _instant(said.get("made_at"), 0), answers)


def _checked(entry: Any, options: Sequence[int], number: int) -> tuple[int, int]:
    """(position, seq) of one good entry; in a file that a page wrote there are no others."""
    good, _ = read_items([entry], options)
    if not good:
        raise FileBadEntry(number=number)
    return good[0].position, good[0].seq


def _instant(told: Any, number: int) -> datetime | None:
    """Milliseconds as a page tells them; it may not know."""
    if told is None:
        return None
    if not isinstance(told, int) or isinstance(told, bool) or not 0 <= told < LARGEST_MS:
        raise FileBadEntry(number=number) if number else FileUnreadable
    return from_ms(told)
