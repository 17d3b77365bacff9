"""What is stored about one sitting that can tell of common trouble: who ran, and everybody's gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.exam.outages import LOST
from exam_server.exam.rules import CONTACT_LOST_AFTER
from exam_server.exam.stretches import Stretch, without
from exam_server.extra_time import evidence
from exam_server.extra_time.evidence import Gap, Kind, Ran
from exam_server.models import (
    Attempt,
    ContactGap,
    LateAnswer,
    LedgerEntry,
    Outage,
    OutageScope,
    SaveTrouble,
    from_micros,
)

LATE = ("deadline_passed", "closed")


@dataclass(frozen=True)
class Witnesses:
    """Of one sitting: for the rule in `evidence`, all of it."""

    ran: tuple[Ran, ...]
    gaps: tuple[Gap, ...]
    refused: tuple[tuple[int, Stretch, int], ...]
    """Answers that could not be stored: attempt id, from when to when, how many."""
    covered: tuple[Stretch, ...]
    silent_since: tuple[datetime, ...]
    told: Mapping[int, tuple[Stretch, ...]]
    """What earlier outages of this sitting took from whom."""


def of_sitting(tx: Session, sitting_id: int, now: datetime) -> Witnesses:
    """Everything as it is stored now."""
    begun: Sequence[Any] = tx.scalars(
        sa.select(Attempt).where(Attempt.sitting_id == sitting_id, Attempt.started_at.is_not(None))
        .order_by(Attempt.id).execution_options(populate_existing=True)
    ).all()  # fmt: skip
    silences = _silences(tx, sitting_id, begun)
    gaps = _gaps(tx, sitting_id, silences)
    ran = (Ran(one.id, one.started_at, _until(one, gaps[one.id], now), silences[one.id].left)
           for one in begun)  # fmt: skip
    return Witnesses(
        ran=tuple(ran), gaps=tuple(gap for own in gaps.values() for gap in own),
        refused=_refused(tx, sitting_id), covered=_covered(tx, begun), told=_told(tx, sitting_id),
        silent_since=tuple(one.last_contact_at for one in begun if _silent(one, now)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Silences:
    """Of one attempt: not heard of, and not heard of until an answer came too late."""

    contact: list[Stretch]
    late: list[Stretch]

    @property
    def left(self) -> tuple[Stretch, ...]:
        return evidence.left([*self.contact, *self.late])


def _silences(tx: Session, sitting_id: int, begun: Sequence[Any]) -> dict[int, _Silences]:
    contact = _by_attempt(tx, ContactGap, ContactGap.began_at, ContactGap.ended_at, sitting_id)
    arrivals, found = _arrivals(tx, sitting_id), {}
    for one in begun:
        silent, heard = contact.get(one.id, []), one.last_contact_at or one.started_at
        found[one.id] = _Silences(silent, evidence.came_back_late(arrivals.get(one.id, []), heard, silent))
    return found


def _gaps(tx: Session, sitting_id: int, silences: Mapping[int, _Silences]) -> dict[int, list[Gap]]:
    """Of each attempt; no silence while the clock held it closed."""
    troubles = _by_attempt(tx, SaveTrouble, SaveTrouble.began_at, SaveTrouble.ended_at, sitting_id)
    closed = _closed(tx, sitting_id)
    found: dict[int, list[Gap]] = {}
    for one, silent in silences.items():
        told: tuple[tuple[Kind, list[Stretch]], ...] = (
            ("contact", without(silent.contact, closed.get(one, []))),
            ("saves", troubles.get(one, [])),
            ("late", silent.late),
        )
        found[one] = [Gap(one, kind, *stretch) for kind, parts in told for stretch in parts]
    return found


def _until(one: Any, gaps: list[Gap], now: datetime) -> datetime:
    if one.how in ("submitted", "official"):
        return one.finalised_at  # type: ignore[no-any-return]
    heard = one.last_contact_at if _quiet(one, now) else now
    return evidence.ran_until(one.deadline_at, heard, gaps)


def _quiet(one: Any, now: datetime) -> bool:
    return one.last_contact_at is not None and now - one.last_contact_at > CONTACT_LOST_AFTER


def _silent(one: Any, now: datetime) -> bool:
    """It may still come back: neither closed nor heard of."""
    return one.finalised_at is None and _quiet(one, now)


def _by_attempt(
    tx: Session, table: type[Any], began: Any, ended: Any, sitting_id: int
) -> dict[int, list[Stretch]]:  # fmt: skip
    rows = tx.execute(
        sa.select(table.attempt_id, began, ended).join(Attempt, Attempt.id == table.attempt_id)
        .where(Attempt.sitting_id == sitting_id)
    )  # fmt: skip
    found: dict[int, list[Stretch]] = {}
    for attempt_id, since, until in rows:
        found.setdefault(attempt_id, []).append((since, until))
    return found


def _closed(tx: Session, sitting_id: int) -> dict[int, list[Stretch]]:
    rows = tx.execute(
        sa.select(LedgerEntry.attempt_id, Attempt.started_at, LedgerEntry.entered_at, LedgerEntry.seconds)
        .join(Attempt, Attempt.id == LedgerEntry.attempt_id)
        .where(Attempt.sitting_id == sitting_id, Attempt.started_at.is_not(None))
    )
    entries: dict[tuple[int, Any], list[tuple[datetime, int]]] = {}
    for attempt_id, started_at, entered_at, seconds in rows:
        entries.setdefault((attempt_id, started_at), []).append((entered_at, seconds))
    return {one: evidence.closed_while(began, lines) for (one, began), lines in entries.items()}


def _arrivals(tx: Session, sitting_id: int) -> dict[int, list[datetime]]:
    rows = tx.execute(
        sa.select(LateAnswer.attempt_id, LateAnswer.arrived_at)
        .join(Attempt, Attempt.id == LateAnswer.attempt_id)
        .where(Attempt.sitting_id == sitting_id, LateAnswer.reason.in_(LATE))
    )
    found: dict[int, list[datetime]] = {}
    for attempt_id, at in rows:
        found.setdefault(attempt_id, []).append(at)
    return found


def _refused(tx: Session, sitting_id: int) -> tuple[tuple[int, Stretch, int], ...]:
    rows = tx.execute(
        sa.select(SaveTrouble.attempt_id, SaveTrouble.began_at, SaveTrouble.ended_at, SaveTrouble.saves)
        .join(Attempt, Attempt.id == SaveTrouble.attempt_id)
        .where(Attempt.sitting_id == sitting_id)
    )
    return tuple((row.attempt_id, (row.began_at, row.ended_at), row.saves) for row in rows)


def _covered(tx: Session, begun: Sequence[Any]) -> tuple[Stretch, ...]:
    """Outages of the whole server since the first of them began."""
    if not begun:
        return ()
    rows = tx.execute(
        sa.select(Outage.began_at, Outage.ended_at)
        .where(Outage.ended_at > min(one.started_at for one in begun),
               sa.not_(sa.exists().where(OutageScope.outage_id == Outage.id)))
    )  # fmt: skip
    return tuple((row.began_at, row.ended_at) for row in rows)


def _told(tx: Session, sitting_id: int) -> dict[int, tuple[Stretch, ...]]:
    found: dict[int, list[Stretch]] = {}
    for known in tx.scalars(sa.select(OutageScope.evidence).where(OutageScope.sitting_id == sitting_id)):
        for attempt_id, parts in known[LOST].items():
            stretches = ((from_micros(began), from_micros(ended)) for began, ended in parts)
            found.setdefault(int(attempt_id), []).extend(stretches)
    return {one: tuple(parts) for one, parts in found.items()}
