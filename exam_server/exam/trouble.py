"""Answers that could not be stored: the writer remembers whose they were and writes it down afterwards.

Remembered in memory and bounded, since nothing can be written while it lasts; whoever dies meanwhile leaves a
gap in the heartbeat instead. A page tries again within seconds, so refusals that follow each other are one
trouble, and it is written down only when the page has been heard no more or has been served.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.exam.saves import Save
from exam_server.models import SaveTrouble

QUIET = timedelta(seconds=20)
"""No refusal for so long: over. A page waits at most 8 s between two tries, and 4 s for an answer."""

MOST = 20_000
"""Attempts remembered at once: twice the largest sitting day; more than these would only fill the memory."""

LOOK_EVERY = timedelta(seconds=1)
"""A busy writer need not go through all of them after each commit."""

AT_ONCE = 200
"""Rows written in one transaction, so that answers which arrive meanwhile wait a few milliseconds at most."""


@dataclass
class Trouble:
    """Refusals of one attempt that follow each other."""

    began_at: datetime
    ended_at: datetime
    saves: int = 0

    def add(self, at: datetime) -> None:
        self.began_at, self.ended_at = min(self.began_at, at), max(self.ended_at, at)
        self.saves += 1


class Troubles:
    """What one writer remembers."""

    def __init__(self) -> None:
        self._open: dict[int, Trouble] = {}
        self._over: list[tuple[int, Trouble]] = []
        self._looked_at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self._open or self._over)

    def note(self, saves: Iterable[Save]) -> None:
        """None of these could be stored."""
        for save in saves:
            known = self._open.get(save.attempt_id)
            if known is not None and save.arrived_at - known.ended_at > QUIET:
                self._over.append((save.attempt_id, self._open.pop(save.attempt_id)))
                known = None
            if known is None and len(self._open) + len(self._over) < MOST:
                known = self._open[save.attempt_id] = Trouble(save.arrived_at, save.arrived_at)
            if known is not None:
                known.add(save.arrived_at)

    def due(self, now: datetime | None) -> list[tuple[int, Trouble]]:
        """What is over at `now` (None: everything), at most AT_ONCE; it stays remembered until `forget`."""
        if now is None or self._looked_at is None or now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            for attempt_id in [one for one, known in self._open.items() if _over(known, now)]:
                self._over.append((attempt_id, self._open.pop(attempt_id)))
        return self._over[:AT_ONCE]

    def forget(self, written: int) -> None:
        """The first `written` of what was due are rows now."""
        del self._over[:written]


def _over(known: Trouble, now: datetime | None) -> bool:
    return now is None or now - known.ended_at > QUIET


def write_down(tx: Session, troubles: Iterable[tuple[int, Trouble]]) -> None:
    """One row each."""
    tx.execute(sa.insert(SaveTrouble), [
        {"attempt_id": attempt_id, "began_at": one.began_at, "ended_at": one.ended_at, "saves": one.saves}
        for attempt_id, one in troubles
    ])  # fmt: skip
