"""Two officials correct a key: its next version, one more score for whom it touches, and a list again.

Whoever settles an attempt holds the activity shared; who corrects holds it alone. So a score is either there
when the new ones are made, or is made by the corrected key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question, ReasonMissing
from exam_server.corrections import item, rules
from exam_server.corrections.again import Moved
from exam_server.corrections.desk import Prepared
from exam_server.corrections.effect import Effect, as_list
from exam_server.corrections.item import KeyInForce
from exam_server.corrections.reckoning import Reckoned
from exam_server.corrections.refusals import EffectChanged, KeyChanged
from exam_server.corrections.rules import Wish
from exam_server.db import Database, announce, savepoint
from exam_server.models import Activity, Approval, ResultVersion, Score
from exam_server.ranking import ground, storing
from exam_server.ranking.ground import Ground
from exam_server.ranking.ready import Apart
from exam_server.ranking.storing import Signed
from exam_server.scores import service as scores
from exam_server.unseen import without_unseen

KIND = "key.corrected"
STATUS = "status.corrected"
RESULTS = "results"
"""Announced with the activity and the number of the new version."""


def ask(
    db: Database, place: Ground, revision_id: int, wish: Wish, effect: Effect, seen: str, reason: str,
    note: Mapping[str, str], actor_id: int, now: datetime,
) -> str:  # fmt: skip
    """The public id of the question that now waits for a second official; `seen` is the hash of the effect
    that the asker looked at, `effect` the one of now.

    Raises ItemNotDrawn, UnknownKind, UnknownOption, NothingChanges, ReasonMissing, NoteMissing, NoteTooLong,
    EffectChanged, AlreadyAsked.
    """
    if not without_unseen(reason).strip():
        raise ReasonMissing
    told = rules.public_note(note)
    with db.write() as tx:
        known = item.in_force(tx, place.activity_id, revision_id)
        key = rules.corrected(wish, known.key, known.options)
        if seen != effect.sha256:
            raise EffectChanged
        payload = {
            "activity": place.public_id, "revision": revision_id, "key_version": known.version,
            "correction": wish.kind, "letter": wish.option, **item.key_json(key), "note": told,
            "effect_sha256": effect.sha256,
        }  # fmt: skip
        evidence = {"code": known.code, "wording": known.wording, "was": item.key_json(known.key),
                    "activity": place.activity, "sums": asdict(effect.sums),
                    "chosen": list(effect.chosen)}  # fmt: skip
        question = Question(KIND, place.office_id, "item", known.item_id, payload, evidence, reason)
        return approvals.ask(tx, question, actor_id, now)


def wish_of(payload: Mapping[str, Any]) -> Wish:
    return Wish(payload["correction"], payload["letter"])


class Correcting:
    """The act itself: `prepare` before the transaction of the grant, `apply` inside it."""

    def __init__(self) -> None:
        self._prepared = Prepared()

    def prepare(self, db: Database, approval: Approval, apart: Apart) -> None:
        """Reckons what is long; changes nothing. Raises ReckoningFailed."""
        payload = approval.payload
        with db.read() as tx:
            activity_id = _activity(tx, payload["activity"], lock=False)
            known = item.in_force(tx, activity_id, payload["revision"])
        if known.version == payload["key_version"]:
            self._prepared.prepare(db, approval.id, activity_id, known.revision_id, wish_of(payload), apart)

    def apply(self, tx: Session, approval: Approval, now: datetime) -> None:
        """The correction as it was asked for, its version, scores, list and rows in the trail.

        Raises KeyChanged; FactsMoved, when what was prepared is no longer all there is: granted once more,
        it is prepared anew.
        """
        payload = approval.payload
        activity_id = _activity(tx, payload["activity"], lock=True)
        known = item.in_force(tx, activity_id, payload["revision"])
        if known.version != payload["key_version"]:
            raise KeyChanged
        place = ground.of_activity(tx, activity_id)
        found = self._prepared.take(tx, approval.id, place, known.revision_id, wish_of(payload))
        _write(tx, known, payload, approval, now)
        if found.rows:
            tx.execute(sa.insert(Score), [row | {"scored_at": now} for row in found.rows])
        number = _version(tx, activity_id, known, found.effect, approval, now)
        _freeze_again(tx, activity_id, number, found, approval, now)
        _tell(tx, place, known, number, found, approval, now)
        moved = found.further.moved if found.further else _moved(found.effect)
        _tell_statuses(tx, place, number, moved, approval, now)


def _activity(tx: Session, public_id: str, lock: bool) -> int:
    wanted = sa.select(Activity.id).where(Activity.public_id == public_id)
    return tx.scalars(wanted.with_for_update() if lock else wanted).one()


def _write(
    tx: Session, known: KeyInForce, payload: Mapping[str, Any], approval: Approval, now: datetime
) -> None:
    """Another activity of the office may correct the same wording at the same instant: one is first."""
    try:
        with savepoint(tx):
            item.write(tx, known, item.key_of(dict(payload)), approval.asked_by, now)
    except IntegrityError as problem:
        raise KeyChanged from problem


def _version(
    tx: Session, activity_id: int, known: KeyInForce, effect: Effect, approval: Approval, now: datetime
) -> int:
    number = scores.version_now(tx, activity_id) + 1
    payload = approval.payload
    tx.add(ResultVersion(
        activity_id=activity_id, number=number, revision_id=known.revision_id, key_version=known.version + 1,
        kind=payload["correction"], reason=approval.reason, note=payload["note"],
        effect=asdict(effect.sums) | {"sha256": effect.sha256, "previewed": payload["effect_sha256"]},
        asked_by=approval.asked_by, granted_by=approval.decided_by, applied_at=now,
    ))  # fmt: skip
    tx.flush()
    return number


def _freeze_again(
    tx: Session, activity_id: int, number: int, found: Reckoned, approval: Approval, now: datetime
) -> None:
    """Only what was made before is stored; nothing where no list was frozen."""
    if found.further:
        signed = Signed(approval.asked_by, approval.decided_by or 0, approval.reason, now)
        storing.freeze_again(tx, activity_id, number, found.further.made, signed)


def _moved(effect: Effect) -> Moved:
    return {one.attempt: (as_list(one.stood), as_list(one.stands)) for one in effect.lines
            if one.status_changed}  # fmt: skip


def _tell(
    tx: Session, place: Ground, known: KeyInForce, number: int, found: Reckoned, approval: Approval,
    now: datetime,
) -> None:  # fmt: skip
    announce(tx, RESULTS, {"activity_id": place.activity_id, "number": number})
    audit.record(
        tx, now=now, act=KIND, object_kind="item", object_id=known.item_id, actor_id=approval.decided_by,
        office_id=place.office_id,
        detail=approval.payload | {
            "approval": approval.public_id, "asked_by": approval.asked_by, "reason": approval.reason,
            "version": number, "rescored": len(found.rows), "count": found.effect.sums.scores,
            "sums": asdict(found.effect.sums),
        },
    )  # fmt: skip


def _tell_statuses(
    tx: Session, place: Ground, number: int, moved: Moved, approval: Approval, now: datetime
) -> None:
    for attempt, (stood, stands) in sorted(moved.items()):
        audit.record(
            tx, now=now, act=STATUS, object_kind="attempt", object_id=attempt, actor_id=approval.decided_by,
            office_id=place.office_id,
            detail={"version": number, "stood": stood, "stands": stands, "reason": approval.reason},
        )  # fmt: skip
