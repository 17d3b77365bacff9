"""What an official typed about sittings, read without guessing: what is unreadable is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from exam_server.sittings import rules
from exam_server.sittings.refusals import LengthUnreadable, SeriesWrong, StartUnreadable
from exam_server.sittings.rules import Fault, Series, Slot

MOST_SLOTS = 12
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""At the ends of the calendar there are days that no other zone can tell."""

NUMBER = re.compile(r"-?[0-9]{1,5}")
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])(?:[.:]00)?")


class Given(Protocol):
    """A form as it came."""

    def get(self, name: str, default: str) -> Any: ...
    def getlist(self, name: str) -> list[str]: ...


@dataclass(frozen=True)
class Typed:
    """The series form exactly as it was typed."""

    first: str = ""
    last: str = ""
    weekdays: tuple[str, ...] = tuple("0123456")
    slots: tuple[tuple[str, str], ...] = ()
    capacity: str = ""
    allowed: str = "60"
    grace: str = "10"
    place: str = ""
    proctors: tuple[str, ...] = ()

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The lines of hours that the form offers: what was typed, and empty ones."""
        return [*self.slots, *[("", "")] * (MOST_SLOTS - len(self.slots))]


def typed(form: Given) -> Typed:
    """The form as it came, without the blanks around what was typed."""
    words = {name: form.get(name, "").strip()
             for name in ("first", "last", "capacity", "allowed", "grace", "place")}  # fmt: skip
    starts, ends = form.getlist("slot_starts"), form.getlist("slot_ends")
    pairs = [(one.strip(), other.strip()) for one, other in zip(starts, ends, strict=False)]
    return Typed(
        **words, weekdays=tuple(form.getlist("weekday")), proctors=tuple(form.getlist("proctor")),
        slots=tuple(pair for pair in pairs if any(pair))[:MOST_SLOTS],
    )  # fmt: skip


def series(given: Typed) -> Series:
    """What the form says; raises SeriesWrong with everything that is wrong with it."""
    unreadable: list[Fault] = []

    def read(field: str, code: str, convert: Callable[[str], Any], instead: Any) -> Any:
        try:
            return convert(getattr(given, field))
        except ValueError:
            unreadable.append(Fault(field, code))
            return instead

    first = read("first", "unreadable_date", _day, date.min)
    last = read("last", "unreadable_date", _day, date.min)
    slots, unclear = _slots(given.slots)
    found = Series(
        first=first, last=last, slots=slots, place=given.place[:200],
        weekdays=frozenset(int(day) for day in given.weekdays if day in tuple("0123456")),
        capacity=read("capacity", "unreadable_number", _number, 1),
        allowed_seconds=60 * read("allowed", "unreadable_number", _number, 1),
        grace_seconds=read("grace", "unreadable_number", _number, 0),
    )  # fmt: skip
    empty = [] if given.place else [Fault("place", "no_place")]
    faults = _all(unreadable + unclear, rules.faults(found)) + empty
    if faults:
        raise SeriesWrong(faults)
    return found


def _all(unreadable: list[Fault], found: list[Fault]) -> list[Fault]:
    """What cannot be read, and what else is wrong as far as it could be read."""
    fields = {fault.field for fault in unreadable}
    if fields & {"first", "last"}:
        fields |= {"first", "last", "weekdays"}
    return unreadable + [fault for fault in found if fault.field not in fields]


def _slots(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[Slot, ...], list[Fault]]:
    slots, faults = [], []
    for number, (starts, ends) in enumerate(pairs, 1):
        try:
            slots.append(Slot(_clock(starts), _clock(ends)))
        except ValueError:
            faults.append(Fault("slots", "unreadable_time", (("number", number),)))
    return tuple(slots), faults


def _clock(text: str) -> time:
    found = CLOCK.fullmatch(text)
    if not found:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]))


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(text)
    return found


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def seen(form: Given) -> int:
    """How many sittings the preview knew of; -1 when the page did not say."""
    text = form.get("seen", "")
    return int(text) if NUMBER.fullmatch(text) else -1


def new_start(form: Given, zone: ZoneInfo) -> datetime:
    """The wall time of the office's zone as an instant; raises StartUnreadable."""
    try:
        day = _day(form.get("day", "").strip())
        return datetime.combine(day, _clock(form.get("starts", "").strip()), zone)
    except ValueError as problem:
        raise StartUnreadable from problem


def new_length(form: Given) -> timedelta:
    """Raises LengthUnreadable."""
    text = form.get("minutes", "").strip()
    if not NUMBER.fullmatch(text):
        raise LengthUnreadable
    return timedelta(minutes=int(text))
