"""A series of sittings from days and slots, what is wrong with one, and what somebody should know of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_DAYS = 62
"""A series covers two months at most: a year typed wrong must not make a thousand sittings."""


@dataclass(frozen=True)
class Slot:
    """Hours of a day, local to the office; an end before the start is a fault, not the next day."""

    starts: time
    ends: time


@dataclass(frozen=True)
class Series:
    """What one form says; `weekdays` as date.weekday() counts them (Monday is 0)."""

    first: date
    last: date
    weekdays: frozenset[int]
    slots: tuple[Slot, ...]
    capacity: int
    allowed_seconds: int
    grace_seconds: int
    place: str


@dataclass(frozen=True)
class Planned:
    """One sitting that the series would make; instants are aware, in the office's zone."""

    label: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Fault:
    """Why a series cannot be: the form's field, a code, and what the sentence is filled with."""

    field: str
    code: str
    params: tuple[tuple[str, object], ...] = ()


def faults(series: Series) -> list[Fault]:
    """Everything that is wrong with the form, in the order of its fields; empty when it can be planned."""
    found = []
    if series.last < series.first:
        found.append(Fault("last", "ends_before_it_begins"))
    elif (series.last - series.first).days >= MOST_DAYS:
        found.append(Fault("last", "too_many_days", (("days", MOST_DAYS),)))
    elif not days(series):
        found.append(Fault("weekdays", "no_day"))
    if not series.slots:
        found.append(Fault("slots", "no_slot"))
    found += [
        fault for number, slot in enumerate(series.slots, 1) for fault in _slot_faults(series, number, slot)
    ]
    found += _overlaps(series.slots)
    if series.capacity < 1:
        found.append(Fault("capacity", "no_seat"))
    if series.allowed_seconds < 60:
        found.append(Fault("allowed", "no_time"))
    if series.grace_seconds < 0:
        found.append(Fault("grace", "negative_grace"))
    return found


def _slot_faults(series: Series, number: int, slot: Slot) -> Iterable[Fault]:
    length = minutes(slot.ends) - minutes(slot.starts)
    which = (("number", number),)
    if length <= 0:
        yield Fault("slots", "slot_ends_before_it_begins", which)
    elif length * 60 < series.allowed_seconds:
        # the last entry is the end minus the allowance: here it would lie before the beginning
        yield Fault("slots", "slot_too_short", (*which, ("minutes", series.allowed_seconds // 60)))


def _overlaps(slots: Sequence[Slot]) -> list[Fault]:
    ordered = sorted(slots, key=lambda slot: slot.starts)
    return [
        Fault("slots", "slots_overlap", (("at", f"{later.starts:%H.%M}"),))
        for earlier, later in itertools.pairwise(ordered)
        if later.starts < earlier.ends
    ]


def minutes(at: time) -> int:
    """Since midnight."""
    return at.hour * 60 + at.minute


def days(series: Series) -> list[date]:
    """The days of the series, in order."""
    span = range((series.last - series.first).days + 1)
    every = (series.first + timedelta(days=number) for number in span)
    return [day for day in every if day.weekday() in series.weekdays]


def plan(series: Series, zone: ZoneInfo, first_number: int = 1) -> list[Planned]:
    """Every slot of every day, in order of time, labelled from `first_number` on; the series has no fault."""
    hours = sorted(series.slots, key=lambda slot: slot.starts)
    pairs = [(day, slot) for day in days(series) for slot in hours]
    return [
        Planned(
            f"Sesi {number}", datetime.combine(day, slot.starts, zone), datetime.combine(day, slot.ends, zone)
        )
        for number, (day, slot) in enumerate(pairs, first_number)
    ]


def inside(planned: Planned, opens_at: datetime | None, closes_at: datetime | None) -> bool:
    """True when the whole sitting lies within the announced stage; one without dates holds every sitting."""
    if opens_at is None or closes_at is None:
        return True
    return opens_at <= planned.starts_at and planned.ends_at <= closes_at


@dataclass(frozen=True)
class Existing:
    """A sitting that is already there, with its room and who watches it."""

    label: str
    place: str
    starts_at: datetime
    ends_at: datetime
    proctors: frozenset[int]


ONLINE = "daring"


def clashes(
    planned: Planned, place: str, proctors: frozenset[int], others: Iterable[Existing]
) -> list[tuple[str, str]]:
    """What a sitting at the same time shares: ("room" or "proctor", its label); being online is no room."""
    found = []
    for other in others:
        if other.starts_at >= planned.ends_at or planned.starts_at >= other.ends_at:
            continue
        if place.strip().lower() == other.place.strip().lower() != ONLINE:
            found.append(("room", other.label))
        if proctors & other.proctors:
            found.append(("proctor", other.label))
    return found


def seats_short(accepted: int, booked: int, free: int) -> int:
    """How many accepted people who have not chosen yet would find no seat."""
    return max(0, accepted - booked - free)
