"""What an official typed, read from a form or a program's JSON; what cannot be read is never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from exam_server.errors import BadRequest
from exam_server.screening.letters import Asked
from exam_server.screening.queue import Wanted
from exam_server.screening.refusals import DueUnreadable


@dataclass(frozen=True)
class Tick:
    """One word about one line."""

    field: str
    verdict: str
    note: str


def text(given: Mapping[str, Any], name: str) -> str:
    """A value as text without the blanks around it; empty when it was not sent."""
    value = given.get(name, "")
    if not isinstance(value, str):
        raise BadRequest
    return value.strip()


def version(given: Mapping[str, Any]) -> int:
    """The number of the version that the page showed; raises BadRequest."""
    told = str(given.get("version", ""))
    if not told.isdecimal() or len(told) > 6:
        raise BadRequest
    return int(told)


def tick(given: Mapping[str, Any]) -> Tick:
    return Tick(text(given, "field"), text(given, "verdict"), text(given, "note"))


def asked(given: Mapping[str, Any], chosen: Sequence[str]) -> list[Asked]:
    """The chosen fields in the order of the page, each with its note."""
    return [Asked(name, text(given, f"note-{name}")) for name in dict.fromkeys(chosen)]


def due(given: Mapping[str, Any], zone: ZoneInfo) -> datetime:
    """The wall time of the office's zone as an instant; raises DueUnreadable."""
    try:
        return datetime.fromisoformat(text(given, "due")).replace(tzinfo=zone)
    except ValueError as problem:
        raise DueUnreadable from problem


def previewed(rows: Sequence[str], count: str) -> list[tuple[str, int]]:
    """(public id, version) of what a page of many showed; raises BadRequest unless all of it came."""
    found = []
    for row in rows:
        public_id, _, number = row.rpartition(":")
        if not public_id or not number.isdecimal() or len(number) > 6:
            raise BadRequest
        found.append((public_id, int(number)))
    if count != str(len(found)):
        raise BadRequest
    return found


def wanted(given: Mapping[str, str]) -> Wanted:
    """What a queue is narrowed to; waiting ones unless told otherwise."""
    return Wanted(given.get("state", "waiting"), given.get("q", "").strip()[:100],
                  given.get("kecamatan", ""), given.get("flagged") == "1")  # fmt: skip
