"""Time for a whole sitting: what an outage took, on one official's word, once; anything beyond, on two.

It goes to those who have begun and not handed in. Who has not begun loses nothing: their time has not run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, instants
from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question
from exam_server.db import Database
from exam_server.errors import N_, NotFound
from exam_server.exam import ledger
from exam_server.exam.ledger import Grant
from exam_server.extra_time import losses, rules, sittings
from exam_server.extra_time.losses import ALONE
from exam_server.extra_time.refusals import NobodyRunning
from exam_server.extra_time.singly import WHOLE
from exam_server.extra_time.sittings import KIND, OneSitting
from exam_server.extra_time.wanted import Wanted
from exam_server.models import Approval, Outage, OutageScope, Sitting

ACT = "time.sitting_granted"
OUTAGE = N_("Server tidak dapat menyimpan jawaban dari {began} sampai {ended}.")
SILENT = N_("Banyak peserta sesi ini tidak terhubung dengan server dari {began} sampai {ended}.")
"""The reasons that candidates read; kept in the source language, as officials' own words are."""


def compensate(db: Database, sitting_id: int, outage: str, actor_id: int, now: datetime) -> int:
    """How many attempts now have back what that outage took; a second click gives nothing more.

    Raises NotFound.
    """
    with db.write() as tx:
        sitting, found = sittings.one(tx, Sitting.id == sitting_id), _outage(tx, outage)
        running = losses.running(tx, sitting_id, hold=True)
        lost = losses.everybody(tx, sitting_id, running)
        due = {one: lost[one].due[found.id] for one in running if found.id in lost[one].due}
        code, reason = _told(tx, found, sitting)
        given = Grant("outage", 0, code, reason, actor_id, found.id, evidence={"outage": found.public_id})
        if due:
            ledger.enter_all(tx, {one: replace(given, seconds=due[one]) for one in due}, now)
            _record(tx, sitting, given, max(due.values()), len(due), now, {"outage": found.public_id})
        return len(due)


def give(db: Database, sitting_id: int, wanted: Wanted, actor_id: int, now: datetime) -> str | None:
    """None when the time was given on one official's word; else the public id of the question that now waits.

    Raises NobodyRunning, AlreadyAsked.
    """
    with db.write() as tx:
        sitting = sittings.one(tx, Sitting.id == sitting_id)
        running = losses.running(tx, sitting_id, hold=True)
        if not running:
            raise NobodyRunning
        alone = rules.alone(losses.everybody(tx, sitting_id, running))
        if wanted.seconds > alone:
            return _ask(tx, sitting, wanted, len(running), alone, actor_id, now)
        given = _extra(wanted.seconds, wanted.reason_code, wanted.reason, actor_id, {ALONE: True})
        _enter_all(tx, sitting, running, given, now, {})
        return None


def apply(tx: Session, approval: Approval, now: datetime) -> None:
    """The time as it was asked for, for everybody who runs at that moment; raises NobodyRunning."""
    sitting = sittings.one(tx, Sitting.id == approval.object_id)
    running = losses.running(tx, sitting.id, hold=True)
    if not running:
        raise NobodyRunning
    asked, granter = approval.payload, approval.decided_by or approval.asked_by
    known = {"approval": approval.public_id, "asked_by": approval.asked_by}
    given = _extra(asked["seconds"], asked["reason_code"], approval.reason, granter, known)
    _enter_all(tx, sitting, running, given, now, known)


def _outage(tx: Session, public_id: str) -> Outage:
    found = tx.scalar(sa.select(Outage).where(Outage.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def _told(tx: Session, outage: Outage, sitting: OneSitting) -> tuple[str, str]:
    """(code, sentence) of why; a silence that hardly any refused answer goes with was the network's."""
    zone, scope = sitting.place.zone, tx.get(OutageScope, outage.id)
    began, ended = (instants.second(at, zone, "id") for at in (outage.began_at, outage.ended_at))
    silent = scope is not None and scope.evidence["kinds"]["saves"] < scope.evidence["kinds"]["contact"]
    code, sentence = ("network", SILENT) if silent else ("server", OUTAGE)
    return code, sentence.format(began=began, ended=ended)


def _extra(seconds: int, code: str, reason: str, author: int, evidence: dict[str, Any]) -> Grant:
    return Grant("extra", seconds, code, reason, author, evidence=evidence)


def _enter_all(
    tx: Session, sitting: OneSitting, running: Collection[int], given: Grant, now: datetime,
    known: dict[str, Any],
) -> None:  # fmt: skip
    named = replace(given, evidence=given.evidence | {WHOLE: sitting.public_id})
    ledger.enter_all(tx, dict.fromkeys(running, named), now)
    _record(tx, sitting, given, given.seconds, len(running), now, known)


def _ask(
    tx: Session, sitting: OneSitting, wanted: Wanted, running: int, alone: int, actor_id: int, now: datetime
) -> str:
    payload = {"sitting": sitting.public_id, "seconds": wanted.seconds, "reason_code": wanted.reason_code}
    evidence = {"label": sitting.place.label, "room": sitting.place.room, "running": running, "alone": alone}
    question = Question(KIND, sitting.place.office_id, "sitting", sitting.id, payload, evidence,
                        wanted.reason)  # fmt: skip
    return approvals.ask(tx, question, actor_id, now)


def _record(
    tx: Session, sitting: OneSitting, given: Grant, seconds: int, count: int, now: datetime,
    known: dict[str, Any],
) -> None:  # fmt: skip
    audit.record(
        tx, now=now, act=ACT, object_kind="sitting", object_id=sitting.id, actor_id=given.author_id,
        office_id=sitting.place.office_id,
        detail=known | {"seconds": seconds, "count": count, "reason_code": given.reason_code,
                        "reason": given.reason},
    )  # fmt: skip
