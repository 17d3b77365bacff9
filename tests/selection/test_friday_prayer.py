"""A sitting that touches Friday 11.30-13.00 of its own zone is marked before anybody chooses it for good."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from exam_server.selection.rules import overlaps_friday_prayer

ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
FRIDAY = date(2026, 11, 6)
TICK = timedelta(microseconds=1)


def at(zone: ZoneInfo, hour: int, minute: int = 0, day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), zone)


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.key)
@pytest.mark.parametrize(
    ("begins", "ends", "touches"),
    [
        ((8, 0), (11, 30), False),
        ((8, 0), (11, 31), True),
        ((11, 0), (13, 0), True),
        ((11, 30), (13, 0), True),
        ((12, 0), (12, 30), True),
        ((10, 0), (15, 0), True),
        ((12, 59), (14, 0), True),
        ((13, 0), (15, 0), False),
    ],
)
def test_the_hour_of_prayer_is_half_open(
    zone: ZoneInfo, begins: tuple[int, int], ends: tuple[int, int], touches: bool
) -> None:
    assert overlaps_friday_prayer(at(zone, *begins), at(zone, *ends), zone) is touches


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.key)
def test_each_cut_is_probed_to_the_microsecond(zone: ZoneInfo) -> None:
    begins, ends = at(zone, 11, 30), at(zone, 13)
    assert not overlaps_friday_prayer(at(zone, 8), begins, zone)
    assert overlaps_friday_prayer(at(zone, 8), begins + TICK, zone)
    assert overlaps_friday_prayer(ends - TICK, at(zone, 15), zone)
    assert not overlaps_friday_prayer(ends, at(zone, 15), zone)


@pytest.mark.parametrize("later", range(1, 7))
def test_the_other_days_are_not_marked(later: int) -> None:
    day = FRIDAY + timedelta(days=later)
    assert not overlaps_friday_prayer(at(ZONES[0], 11, day=day), at(ZONES[0], 13, day=day), ZONES[0])


def test_the_zone_of_the_sitting_decides() -> None:
    jakarta, jayapura = ZONES[0], ZONES[2]
    begins, ends = at(jakarta, 11, 30), at(jakarta, 13)
    assert overlaps_friday_prayer(begins, ends, jakarta)
    assert not overlaps_friday_prayer(begins, ends, jayapura), "in Jayapura it is 13.30 then"


def test_a_sitting_over_several_days_is_marked_when_one_of_them_is_friday() -> None:
    thursday, saturday = FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=1)
    assert overlaps_friday_prayer(at(ZONES[0], 20, day=thursday), at(ZONES[0], 7, day=saturday), ZONES[0])
