"""The list is frozen by two officials, who decide about exactly the list that its hash names.

The second one's grant makes the list again, before the transaction that stores it: when anything has changed
since the asking, nothing is frozen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import instants
from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question
from exam_server.db import Database
from exam_server.models import Approval, Attempt, JournalEntry, Score, Sitting
from exam_server.ranking import ground, listing, lists, ready, storing
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import Wanted
from exam_server.ranking.plan import Plan, plan, require_unfrozen
from exam_server.ranking.ready import Apart, Ready, Shelf
from exam_server.ranking.refusals import (
    FactsMoved,
    ListChanged,
    MarksMissing,
    NobodyRanked,
    StillSitting,
)
from exam_server.ranking.storing import KIND, Signed
from exam_server.scores import service as scores

__all__ = ["KIND", "Freezing", "ask"]

FIRST = 1
"""The number of the list that officials freeze; further ones come with corrections."""


def ask(db: Database, place: Ground, reason: str, actor_id: int, now: datetime, apart: Apart) -> str:
    """The public id of the question that now waits for a second official.

    Raises DecisionOutsidePhase, SelectionFrozen, ScoresNotOpened, QuotaMissing, StillSitting, NobodyRanked,
    MarksMissing, ReasonMissing, AlreadyAsked, ReckoningFailed.
    """
    with db.read() as tx:
        recorded, asked = _allowed(tx, place, now)
        here = None if listing.is_long(tx, place.activity_id) else ready.make(tx, asked)
    made = here or Ready(**apart(ready.sums_apart, asked))
    _refuse_incomplete(recorded, made)
    payload = storing.payload(recorded, asked["version"], FIRST, made)
    with db.read() as tx:
        evidence = _evidence(tx, place, made)
    with db.write() as tx:
        question = Question(KIND, place.office_id, "activity", place.activity_id, payload, evidence, reason)
        return approvals.ask(tx, question, actor_id, now)


class Freezing:
    """The act itself: `prepare` before the transaction of the grant, `apply` inside it."""

    def __init__(self) -> None:
        self._shelf: Shelf[Ready] = Shelf()

    def prepare(self, db: Database, approval: Approval, apart: Apart) -> None:
        """Makes a long list; changes nothing. Raises CriteriaMissing, QuotaMissing, ReckoningFailed."""
        with db.read() as tx:
            if not listing.is_long(tx, approval.object_id):
                return
            place = ground.of_activity(tx, approval.object_id)
            version = scores.version_now(tx, place.activity_id)
            asked = storing.wanted(place, plan(tx, place.activity_id), version)
        self._shelf.put(approval.id, Ready(**apart(ready.whole_apart, asked)))

    def apply(self, tx: Session, approval: Approval, now: datetime) -> None:
        """Store the list as it was asked for; raises ListChanged, FactsMoved, and what asking does."""
        ground.hold(tx, approval.object_id)
        place = ground.of_activity(tx, approval.object_id)
        prepared = self._shelf.take(approval.id)
        recorded, asked = _allowed(tx, place, now)
        made = _made(tx, place, asked, prepared)
        _refuse_incomplete(recorded, made)
        payload = storing.payload(recorded, asked["version"], FIRST, made)
        if payload != approval.payload:
            raise ListChanged
        signed = Signed(approval.asked_by, approval.decided_by or 0, approval.reason, now)
        storing.store(tx, place, recorded, payload, made, signed)


def _made(tx: Session, place: Ground, asked: Wanted, prepared: Ready | None) -> Ready:
    """A long list is never made here, where everybody who saves an answer would wait for it."""
    if prepared is not None:
        ready.require_unmoved(tx, place, prepared)
        return prepared
    if listing.is_long(tx, place.activity_id):
        raise FactsMoved
    return ready.make(tx, asked)


def _allowed(tx: Session, place: Ground, now: datetime) -> tuple[Plan, Wanted]:
    """By what the list is made, once it may be frozen."""
    ground.require_phase(place, now)
    require_unfrozen(tx, place.activity_id)
    recorded = plan(tx, place.activity_id)
    recorded.opened()
    _refuse_while_sitting(tx, place, now)
    return recorded, storing.wanted(place, recorded, scores.version_now(tx, place.activity_id))


def _evidence(tx: Session, place: Ground, made: Ready) -> dict[str, Any]:
    return {
        "activity": place.activity, "public_id": place.public_id,
        **{name: made.outcomes.get(name, 0)
           for name in ("accepted", "reserve", "not_accepted", "not_eligible")},
        "absent": lists.absent(tx, place.activity_id),
    }  # fmt: skip


def _refuse_while_sitting(tx: Session, place: Ground, now: datetime) -> None:
    newest = (
        sa.select(sa.func.max(JournalEntry.number))
        .where(JournalEntry.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    settled = sa.exists().where(Score.attempt_id == Attempt.id, Score.number == newest)
    running = sa.and_(Attempt.started_at.is_not(None), Attempt.finalised_at.is_(None))
    ahead = sa.and_(Attempt.finalised_at.is_(None), Sitting.ends_at > now)
    count = tx.scalar(
        sa.select(sa.func.count(Attempt.id))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.activity_id == place.activity_id,
               sa.or_(running, ahead, sa.and_(Attempt.finalised_at.is_not(None), ~settled)))
    ) or 0  # fmt: skip
    ends_at = tx.scalar(
        sa.select(sa.func.max(Sitting.ends_at)).where(Sitting.activity_id == place.activity_id)
    )
    if ends_at is not None and (count or now < ends_at):
        raise StillSitting(count=count, at=instants.moment(ends_at, place.zone, "id"))


def _refuse_incomplete(recorded: Plan, made: Ready) -> None:
    if not made.outcomes:
        raise NobodyRanked
    criteria, _ = recorded.needed()
    for part in criteria.criteria.components:
        if count := made.unmarked.get(part.key):
            raise MarksMissing(label=part.label, count=count)
