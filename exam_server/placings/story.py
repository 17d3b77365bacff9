"""What became of places, as officials see it: quota by quota each place with all who had it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from exam_server.placings.persons import Person
from exam_server.ranking.chain import Standing
from exam_server.ranking.rules import Placed

Fate = Literal["held", "offered", "due", "empty"]
"""Of a place: somebody has it or may answer, it waits to be offered, or nobody is left to be offered it."""


@dataclass(frozen=True)
class Noted:
    """One event with the name of who did it (empty: the server)."""

    kind: str
    at: datetime
    by: str
    reason: str
    due_at: datetime | None
    vacated_by: int | None


@dataclass(frozen=True)
class Holder:
    """Somebody who had, has or waits for a place."""

    person: Person
    placed: Placed
    standing: Standing
    happened: tuple[Noted, ...]

    @property
    def after(self) -> int | None:
        """Whose place was offered to them."""
        return next((one.vacated_by for one in self.happened if one.kind == "offered"), None)


@dataclass(frozen=True)
class Line:
    """One place: everybody who had it or was offered it, in order."""

    holders: tuple[Holder, ...]
    fate: Fate


@dataclass(frozen=True)
class Share:
    """One quota; `unfilled` places nobody was there for when the list was frozen."""

    kecamatan: str
    desa: str
    places: int
    lines: tuple[Line, ...]
    waiting: tuple[Holder, ...]
    gone: tuple[Holder, ...]
    """Reserves who left before anything was offered to them."""

    @property
    def unfilled(self) -> int:
        return max(0, self.places - len(self.lines))

    def count(self, *fates: Fate) -> int:
        return sum(line.fate in fates for line in self.lines)


@dataclass(frozen=True)
class Story:
    """All quotas of one list; `published_at` is empty before the announcement."""

    list_number: int
    frozen_at: datetime
    published_at: datetime | None
    awaited_at: datetime | None
    newer: bool
    """A newer list is frozen and waits to be announced."""
    shares: tuple[Share, ...]


def share_of(wanted: Mapping[str, object], holders: Mapping[int, Holder], due: Collection[int]) -> Share:
    """`holders` of this quota, in the order of ranks; `due`: whose places wait to be offered."""
    lines = tuple(_lines(holders, due))
    shown = {one.person for line in lines for one in line.holders}
    waiting = waiting_of(holders)
    reserves = (one for one in holders.values() if one.placed.outcome == "reserve")
    gone = tuple(one for one in reserves if one.person not in shown and one not in waiting)
    return Share(str(wanted["kecamatan"]), str(wanted["desa"]), int(str(wanted["places"])), lines, waiting,
                 gone)  # fmt: skip


def waiting_of(holders: Mapping[int, Holder]) -> tuple[Holder, ...]:
    """Reserves to whom nothing was offered yet, in their order."""
    found = (one for one in holders.values() if one.standing.where == "reserve")
    return tuple(sorted(found, key=lambda one: one.placed.reserve or 0))


def _lines(holders: Mapping[int, Holder], due: Collection[int]) -> Iterator[Line]:
    """A line begins with whom the list gave the place, and goes on with whoever was offered it."""
    had = {attempt: one for attempt, one in holders.items() if one.placed.outcome == "accepted" or one.after}
    followed = {one.after: attempt for attempt, one in had.items() if one.after}
    for attempt, one in had.items():
        if one.after in had:
            continue
        holder, line = attempt, [one]
        while (follower := followed.get(holder)) is not None:
            holder = follower
            line.append(had[holder])
        yield Line(tuple(line), _fate(line[-1], due))


def _fate(last: Holder, due: Collection[int]) -> Fate:
    if last.standing.where in ("accepted", "offered"):
        return "held" if last.standing.where == "accepted" else "offered"
    return "due" if last.placed.attempt in due else "empty"
