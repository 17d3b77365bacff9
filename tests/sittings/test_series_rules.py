"""A series makes exactly the sittings its form says, or says what is wrong with the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from exam_server.sittings.rules import (
    MOST_DAYS,
    Existing,
    Planned,
    Series,
    Slot,
    clashes,
    faults,
    inside,
    plan,
    seats_short,
)

WIB = ZoneInfo("Asia/Jakarta")
EVERY_DAY = frozenset(range(7))
SLOTS = tuple(Slot(time(hour), time(hour + 2)) for hour in (7, 9, 11, 13, 15))
SERIES = Series(date(2026, 11, 2), date(2026, 11, 8), EVERY_DAY, SLOTS, 40, 3600, 10, "Daring")


def test_seven_days_of_five_slots_are_35_sittings_in_order() -> None:
    planned = plan(SERIES, WIB)
    assert len(planned) == 35
    assert planned == sorted(planned, key=lambda one: one.starts_at)
    assert (planned[0].label, planned[-1].label) == ("Sesi 1", "Sesi 35")
    assert planned[0].starts_at == datetime(2026, 11, 2, 7, tzinfo=WIB)
    assert {one.ends_at - one.starts_at for one in planned} == {timedelta(hours=2)}


def test_labels_go_on_from_what_is_there() -> None:
    assert plan(SERIES, WIB, 8)[0].label == "Sesi 8"


def test_only_the_chosen_weekdays_count() -> None:
    planned = plan(replace(SERIES, weekdays=frozenset({5, 6})), WIB)
    assert {one.starts_at.weekday() for one in planned} == {5, 6}
    assert len(planned) == 10


def test_a_series_without_fault_says_nothing() -> None:
    assert faults(SERIES) == []


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"last": date(2026, 11, 1)}, "ends_before_it_begins", "last"),
        ({"last": date(2026, 11, 2) + timedelta(days=MOST_DAYS)}, "too_many_days", "last"),
        ({"weekdays": frozenset()}, "no_day", "weekdays"),
        ({"slots": ()}, "no_slot", "slots"),
        ({"slots": (Slot(time(9), time(8)),)}, "slot_ends_before_it_begins", "slots"),
        ({"slots": (Slot(time(9), time(9)),)}, "slot_ends_before_it_begins", "slots"),
        ({"slots": (Slot(time(9), time(9, 59)),)}, "slot_too_short", "slots"),
        ({"slots": (Slot(time(9), time(11)), Slot(time(10), time(12)))}, "slots_overlap", "slots"),
        ({"capacity": 0}, "no_seat", "capacity"),
        ({"allowed_seconds": 0}, "no_time", "allowed"),
        ({"grace_seconds": -1}, "negative_grace", "grace"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_of_the_form_is_named_at_its_field(
    changed: dict[str, object], code: str, field: str
) -> None:
    found = faults(replace(SERIES, **changed))
    assert [(fault.code, fault.field) for fault in found] == [(code, field)]


def test_a_slot_as_long_as_the_allowance_is_long_enough() -> None:
    assert faults(replace(SERIES, slots=(Slot(time(9), time(10)),))) == []


def test_a_series_of_the_most_days_is_allowed() -> None:
    assert faults(replace(SERIES, last=SERIES.first + timedelta(days=MOST_DAYS - 1))) == []


STAGE = (datetime(2026, 11, 2, tzinfo=WIB), datetime(2026, 11, 9, tzinfo=WIB))


@pytest.mark.parametrize(
    ("starts", "ends", "within"),
    [
        (datetime(2026, 11, 2, 0, tzinfo=WIB), datetime(2026, 11, 2, 2, tzinfo=WIB), True),
        (datetime(2026, 11, 1, 23, tzinfo=WIB), datetime(2026, 11, 2, 1, tzinfo=WIB), False),
        (datetime(2026, 11, 8, 22, tzinfo=WIB), datetime(2026, 11, 9, 0, tzinfo=WIB), True),
        (datetime(2026, 11, 8, 23, tzinfo=WIB), datetime(2026, 11, 9, 1, tzinfo=WIB), False),
    ],
    ids=["first hours", "begins before", "ends with it", "ends after"],
)
def test_a_sitting_lies_within_its_stage_or_not(starts: datetime, ends: datetime, within: bool) -> None:
    assert inside(Planned("Sesi 1", starts, ends), *STAGE) is within


def test_a_stage_without_dates_holds_every_sitting() -> None:
    assert inside(plan(SERIES, WIB)[0], None, None)


def existing(place: str = "Aula", proctors: frozenset[int] = frozenset(), hours_later: float = 0) -> Existing:
    first = plan(SERIES, WIB)[0]
    later = timedelta(hours=hours_later)
    return Existing("Sesi lain", place, first.starts_at + later, first.ends_at + later, proctors)


@pytest.mark.parametrize(
    ("place", "proctors", "other", "found"),
    [
        ("Aula", frozenset({1}), existing("aula ", frozenset({2})), [("room", "Sesi lain")]),
        ("Aula", frozenset({1}), existing("Aula", frozenset({1}), 2), []),
        ("Ruang 2", frozenset({1, 3}), existing("Aula", frozenset({3})), [("proctor", "Sesi lain")]),
        ("Daring", frozenset(), existing("Daring"), []),
        ("Aula", frozenset({1}), existing("Aula", frozenset({1}), 1.5),
         [("room", "Sesi lain"), ("proctor", "Sesi lain")]),
    ],
    ids=["same room", "one after the other", "same proctor", "online is no room", "half over"],
)  # fmt: skip
def test_what_two_sittings_share_is_told(
    place: str, proctors: frozenset[int], other: Existing, found: list[tuple[str, str]]
) -> None:
    assert clashes(plan(SERIES, WIB)[0], place, proctors, [other]) == found


@pytest.mark.parametrize(
    ("accepted", "booked", "free", "short"), [(50, 20, 30, 0), (51, 20, 30, 1), (0, 0, 0, 0)]
)
def test_seats_fall_short_of_who_has_not_chosen(accepted: int, booked: int, free: int, short: int) -> None:
    assert seats_short(accepted, booked, free) == short
