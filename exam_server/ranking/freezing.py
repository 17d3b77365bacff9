"""The list is frozen by two officials, who decide about exactly the list that its hash names.

The second one's grant ranks everybody again: when anything has changed since the asking, nothing is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, instants
from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question
from exam_server.db import Database, announce
from exam_server.models import Approval, Attempt, JournalEntry, Placing, Score, SelectionList, Sitting
from exam_server.ranking import ground, listing, lists
from exam_server.ranking.contents import MARK, criteria_json, quotas_json
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import Line
from exam_server.ranking.plan import Plan, plan, require_unfrozen
from exam_server.ranking.refusals import (
    ListChanged,
    MarksMissing,
    NobodyRanked,
    NothingFrozen,
    StillSitting,
)
from exam_server.scores import service as scores

KIND = "selection.frozen"


@dataclass(frozen=True)
class Signed:
    """Who stands for a list, and why it was made."""

    asked_by: int
    granted_by: int
    reason: str
    at: datetime


def ask(db: Database, place: Ground, reason: str, actor_id: int, now: datetime) -> str:
    """The public id of the question that now waits for a second official.

    Raises DecisionOutsidePhase, SelectionFrozen, ScoresNotOpened, QuotaMissing, StillSitting, NobodyRanked,
    MarksMissing, ReasonMissing, AlreadyAsked, ReckoningFailed.
    """
    with db.read() as tx:
        payload, lines = _decided(tx, place, now)
        evidence = _evidence(tx, place, lines)
    with db.write() as tx:
        question = Question(KIND, place.office_id, "activity", place.activity_id, payload, evidence, reason)
        return approvals.ask(tx, question, actor_id, now)


def apply(tx: Session, approval: Approval, now: datetime) -> None:
    """Store the list as it was asked for; raises ListChanged, and what asking does."""
    ground.hold(tx, approval.object_id)
    place = ground.of_activity(tx, approval.object_id)
    payload, lines = _decided(tx, place, now)
    if payload != approval.payload:
        raise ListChanged
    signed = Signed(approval.asked_by, approval.decided_by or 0, approval.reason, now)
    _store(tx, place, plan(tx, place.activity_id), payload, lines, signed)


def freeze_again(
    tx: Session, activity_id: int, result_number: int, asked_by: int, granted_by: int, reason: str,
    now: datetime,
) -> int:  # fmt: skip
    """The id of a further list by the scores of that result version, with the criteria and quota of before.

    The caller holds the activity and has added everything that version stands on. Raises NothingFrozen.
    """
    before = lists.newest_list(tx, activity_id)
    if before is None:
        raise NothingFrozen
    place, recorded = ground.of_activity(tx, activity_id), plan(tx, activity_id)
    tx.flush()
    asked = _wanted(place, recorded, result_number)
    lines = listing.compute_here(tx, asked)
    payload = _payload(recorded, result_number, before.number + 1, lines)
    return _store(tx, place, recorded, payload, lines, Signed(asked_by, granted_by, reason, now))


def _decided(tx: Session, place: Ground, now: datetime) -> tuple[dict[str, Any], list[Line]]:
    """What would be frozen now, as the approval names it, and all of it."""
    ground.require_phase(place, now)
    require_unfrozen(tx, place.activity_id)
    recorded = plan(tx, place.activity_id)
    recorded.opened()
    _refuse_while_sitting(tx, place, now)
    version = scores.version_now(tx, place.activity_id)
    lines = listing.compute(tx, _wanted(place, recorded, version))
    if not lines:
        raise NobodyRanked
    _refuse_without_marks(recorded, lines)
    return _payload(recorded, version, 1, lines), lines


def _wanted(place: Ground, recorded: Plan, version: int) -> listing.Wanted:
    criteria, quota = recorded.needed()
    return listing.wanted(place.activity_id, criteria_json(criteria.criteria), quotas_json(quota.quotas),
                          quota.reserves, version)  # fmt: skip


def _payload(recorded: Plan, version: int, number: int, lines: list[Line]) -> dict[str, Any]:
    criteria, quota = recorded.needed()
    return {"number": number, "criteria": criteria.number, "quota": quota.number, "result": version,
            "sha256": listing.seal(lines)}  # fmt: skip


def _evidence(tx: Session, place: Ground, lines: list[Line]) -> dict[str, Any]:
    outcomes = [one["outcome"] for one in lines]
    return {
        "activity": place.activity, "public_id": place.public_id,
        **{name: outcomes.count(name) for name in ("accepted", "reserve", "not_accepted", "not_eligible")},
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


def _refuse_without_marks(recorded: Plan, lines: list[Line]) -> None:
    criteria, _ = recorded.needed()
    for part in criteria.criteria.components:
        if not part.key.startswith(MARK):
            continue
        count = sum(part.key not in one["detail"]["shares"] for one in lines if one["rank"] is not None)
        if count:
            raise MarksMissing(label=part.label, count=count)


def _store(
    tx: Session, place: Ground, recorded: Plan, payload: dict[str, Any], lines: list[Line], signed: Signed
) -> int:
    criteria, quota = recorded.needed()
    row = SelectionList(
        activity_id=place.activity_id, number=payload["number"], criteria_id=criteria.id, quota_id=quota.id,
        result_number=payload["result"], reason=signed.reason, sha256=payload["sha256"],
        asked_by=signed.asked_by, granted_by=signed.granted_by, frozen_at=signed.at,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    if lines:
        tx.execute(sa.insert(Placing), [{"list_id": row.id} | one for one in lines])
    announce(tx, KIND, {"activity_id": place.activity_id, "list_id": row.id})
    audit.record(
        tx, now=signed.at, act=KIND, object_kind="activity", object_id=place.activity_id,
        actor_id=signed.granted_by, office_id=place.office_id,
        detail=payload | {"version": payload["number"], "asked_by": signed.asked_by, "reason": signed.reason,
                          "count": len(lines)},
    )  # fmt: skip
    return row.id
