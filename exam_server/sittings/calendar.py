"""Weeks by slots: where each sitting stands in the picture of its weeks, by the office's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from exam_server.sittings.service import Row

WEEK = 7


@dataclass(frozen=True)
class Line:
    """One slot of a week: its hours as they begin, and per day (Monday first) the sittings in it."""

    starts: str
    ends: str
    days: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True)
class Week:
    """The days of one week and its slots in the order of the clock."""

    days: tuple[date, ...]
    lines: tuple[Line, ...]


def weeks(rows: list[Row], zone: ZoneInfo) -> list[Week]:
    """Every week in which a sitting begins, in order."""
    ordered = sorted(rows, key=lambda row: row.starts_at)
    return [_week(monday, list(group), zone)
            for monday, group in groupby(ordered, key=lambda row: _monday(row, zone))]  # fmt: skip


def _monday(row: Row, zone: ZoneInfo) -> date:
    day = row.starts_at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _week(monday: date, rows: list[Row], zone: ZoneInfo) -> Week:
    hours = sorted({_hours(row, zone) for row in rows})
    lines = [Line(*slot, tuple(_cell(rows, slot, day, zone) for day in range(WEEK))) for slot in hours]
    return Week(tuple(monday + timedelta(days=number) for number in range(WEEK)), tuple(lines))


def _hours(row: Row, zone: ZoneInfo) -> tuple[str, str]:
    starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    return f"{starts:%H.%M}", f"{ends:%H.%M}"


def _cell(rows: list[Row], slot: tuple[str, str], day: int, zone: ZoneInfo) -> tuple[Row, ...]:
    there = (row for row in rows if row.starts_at.astimezone(zone).weekday() == day)
    return tuple(row for row in there if _hours(row, zone) == slot)
