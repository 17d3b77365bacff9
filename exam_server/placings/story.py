"""What became of places, as officials see it: quota by quota each place with all who had it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from exam_server.placings.lines import Fate, Holder, Line, lines_of


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
        """How many of its lines."""
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
    lines = lines_of(holders, due)
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
