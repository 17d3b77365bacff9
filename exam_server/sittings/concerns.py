"""What somebody should know about a sitting before it is made or moved; none of it forbids anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from exam_server.selection.rules import overlaps_friday_prayer
from exam_server.sittings.rules import Existing, Planned, clashes

Names = Mapping[str, str]


@dataclass(frozen=True)
class Concern:
    """A code, and what its sentence is filled with; names of holidays are {id, en}."""

    code: str
    params: tuple[tuple[str, object], ...] = ()


def of_time(planned: Planned, zone: ZoneInfo, holidays: Mapping[date, Names]) -> list[Concern]:
    """Friday prayer and public holidays, by the office's own clock."""
    found = []
    if overlaps_friday_prayer(planned.starts_at, planned.ends_at, zone):
        found.append(Concern("friday_prayer"))
    day, last = planned.starts_at.astimezone(zone).date(), planned.ends_at.astimezone(zone).date()
    while day <= last:
        if day in holidays:
            found.append(Concern("holiday", (("name", holidays[day]),)))
        day += timedelta(days=1)
    return found


def of_planned(
    planned: Planned, place: str, proctors: frozenset[int], others: Iterable[Existing], zone: ZoneInfo,
    holidays: Mapping[date, Names],
) -> list[Concern]:  # fmt: skip
    """The above, and rooms or proctors that are elsewhere at that time."""
    shared = [Concern(code, (("label", label),)) for code, label in clashes(planned, place, proctors, others)]
    return of_time(planned, zone, holidays) + shared
