"""The acts of screening: compare field by field, then accept, ask for a correction, or reject."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.mail import reader, write_to
from exam_server.models import (
    ApplicationVersion,
    Phase,
    Screening,
    ScreeningEvent,
    to_micros,
)
from exam_server.offices.rules import is_open
from exam_server.registration import service as registration
from exam_server.screening import cases, letters, rules
from exam_server.screening.cases import Case
from exam_server.screening.checks import standing_checks
from exam_server.screening.claims import change
from exam_server.screening.letters import Asked
from exam_server.screening.refusals import (
    AlreadyDecided,
    DueAfterStage,
    DueTooSoon,
    NotAllChecked,
    NoteMissing,
    NoteTooLong,
    NothingAsked,
    NoTimeLeft,
    NotOverdue,
    ReasonTextMissing,
    ScreeningClosed,
    UnknownField,
    UnknownReason,
    UnknownVerdict,
)
from exam_server.screening.standings import answered

DUE_PROBLEMS = {"too_soon": DueTooSoon, "after_stage": DueAfterStage, "no_time": NoTimeLeft}


def facts_of(tx: Session, application_id: int) -> rules.Facts:
    """The instants of one application's screening; raises NotFound when it was never sent for screening."""
    row = tx.get(Screening, application_id)
    if row is None:
        raise NotFound
    return cases.facts(row)


KEEP_CHECK = sa.text("""
INSERT INTO field_check (application_id, version, field, verdict, note, checked_by, checked_at)
VALUES (:application_id, :version, :field, :verdict, :note, :checked_by, :checked_at)
ON CONFLICT (application_id, version, field) DO UPDATE SET
    verdict = excluded.verdict, note = excluded.note,
    checked_by = excluded.checked_by, checked_at = excluded.checked_at
""")


def check(
    db: Database, public_id: str, version: int, field: str, verdict: str, note: str, actor_id: int,
    now: datetime,
) -> list[str]:  # fmt: skip
    """Names of what does not agree yet at this version, after this word, which replaces an earlier one.

    Renews the claim. Raises UnknownVerdict, NoteTooLong, UnknownField, AlreadyDecided, StaleVersion,
    ClaimedByOther.
    """
    if verdict not in ("agrees", "differs"):
        raise UnknownVerdict
    if len(note) > rules.LONGEST_NOTE:
        raise NoteTooLong(most=rules.LONGEST_NOTE)
    with db.write() as tx:
        change(tx, public_id, version, actor_id, now, claimed_by=actor_id, claimed_until=now + rules.CLAIM)
        case = cases.find(tx, public_id)
        if field not in {one.name for one in _compared(tx, case)}:
            raise UnknownField
        facts = {"application_id": case.id, "version": version, "field": field, "verdict": verdict,
                 "note": note.strip(), "checked_by": actor_id, "checked_at": to_micros(now)}  # fmt: skip
        tx.connection().execute(KEEP_CHECK, facts)
        left = [one.name for one in _open(tx, case)]
        if bool(left) is not (case.checked_at is None):
            change(tx, public_id, version, actor_id, now, checked_at=None if left else now)
            audit.record(tx, now=now, act="screening.unchecked" if left else "screening.checked",
                         object_kind="application", object_id=case.id, actor_id=actor_id,
                         office_id=case.desk.office_id, detail={"version": version})  # fmt: skip
        return left


def accept(db: Database, public_id: str, version: int, actor_id: int, now: datetime) -> None:
    """*Diterima*: from now on the candidate may choose a sitting.

    Raises ScreeningClosed, AlreadyDecided, StaleVersion, ClaimedByOther, NotAllChecked.
    """
    with db.write() as tx:
        case = cases.find(tx, public_id)
        _stage_open(tx, case, now)
        change(tx, public_id, version, actor_id, now, claimed_by=actor_id, claimed_until=now + rules.CLAIM)
        left = _open(tx, case)
        if left:
            raise NotAllChecked([one.label for one in left])
        if not registration.accept(tx, case.id, now, actor_id):
            raise AlreadyDecided
        person = reader(tx, case.candidate_id)
        write_to(tx, person, letters.accepted(person, case.desk, _test_ends(tx, case)), now)


def reject(
    db: Database, public_id: str, version: int, reason_code: str, text: str, actor_id: int, now: datetime
) -> None:
    """The application ends here, with a reason that its candidate reads; `text` is the official's own word.

    Raises UnknownReason, ReasonTextMissing, NoteTooLong, NotOverdue, ScreeningClosed, AlreadyDecided,
    StaleVersion, ClaimedByOther, CorrectionPending.
    """
    said = text.strip()
    with db.write() as tx:
        case = cases.find(tx, public_id)
        _stage_open(tx, case, now)
        check_reason(case, reason_code, said, now)
        change(tx, public_id, version, actor_id, now, _may_ask(now), decision="rejected", decided_at=now,
               reason_code=reason_code, reason_text=said or None, claimed_by=None,
               claimed_until=None)  # fmt: skip
        _keep(tx, case, "rejected", actor_id, now, reason_code=reason_code, text=said or None)
        person = reader(tx, case.candidate_id)
        letter = letters.rejected(person, case.desk, reason_code, said, f"/offices/{case.desk.office_slug}")
        write_to(tx, person, letter, now)


def check_reason(case: Case, reason_code: str, text: str, now: datetime) -> None:
    """Returns when the reason may be given now; else raises as `reject` does."""
    if reason_code not in rules.REASONS:
        raise UnknownReason
    if reason_code == rules.OTHER and not text:
        raise ReasonTextMissing
    if len(text) > rules.LONGEST_NOTE:
        raise NoteTooLong(most=rules.LONGEST_NOTE)
    if reason_code == rules.NOT_SENT and rules.standing(case.facts, now)[0] != "overdue":
        raise NotOverdue


def ask_correction(
    db: Database, public_id: str, version: int, asked: Sequence[Asked], due_at: datetime, actor_id: int,
    now: datetime,
) -> None:  # fmt: skip
    """The candidate is asked to put these right until `due_at`; until then nobody rejects the application.

    Raises NothingAsked, NoteMissing, NoteTooLong, UnknownField, DueTooSoon, DueAfterStage, NoTimeLeft,
    ScreeningClosed, AlreadyDecided, StaleVersion, ClaimedByOther, CorrectionPending.
    """
    with db.write() as tx:
        case = cases.find(tx, public_id)
        _stage_open(tx, case, now)
        _check_asked(tx, case, asked)
        stage = cases.screening_stage(tx, case.desk.recruitment_id, now)
        problem = rules.due_problem(due_at, now, stage.closes_at if stage else None)
        if problem is not None:
            raise DUE_PROBLEMS[problem]
        change(tx, public_id, version, actor_id, now, _may_ask(now), asked_at=now, due_at=due_at,
               claimed_by=None, claimed_until=None)  # fmt: skip
        fields = [{"field": one.field, "note": one.note.strip()} for one in asked]
        _keep(tx, case, "correction", actor_id, now, fields=fields, due_at=due_at)
        person = reader(tx, case.candidate_id)
        write_to(tx, person, letters.correction(person, case.desk, asked, due_at), now)


def _may_ask(now: datetime) -> sa.ColumnElement[bool]:
    """`rules.may_ask_again`, for the statement that decides."""
    return sa.or_(answered(), Screening.due_at <= now)


def _stage_open(tx: Session, case: Case, now: datetime) -> None:
    stage = cases.screening_stage(tx, case.desk.recruitment_id, now)
    if stage is None or not is_open(stage.opens_at, stage.closes_at, now):
        raise ScreeningClosed


def _check_asked(tx: Session, case: Case, asked: Sequence[Asked]) -> None:
    if not asked:
        raise NothingAsked
    if not {one.field for one in asked} <= {one.name for one in _compared(tx, case)}:
        raise UnknownField
    if not all(one.note.strip() for one in asked):
        raise NoteMissing
    if any(len(one.note) > rules.LONGEST_NOTE for one in asked):
        raise NoteTooLong(most=rules.LONGEST_NOTE)


def _compared(tx: Session, case: Case) -> tuple[rules.Compared, ...]:
    sent = tx.execute(
        sa.select(ApplicationVersion.data, ApplicationVersion.documents)
        .where(ApplicationVersion.application_id == case.id, ApplicationVersion.number == case.version)
    ).one()  # fmt: skip
    return rules.compared(sent.data, sent.documents)


def _open(tx: Session, case: Case) -> list[rules.Compared]:
    """What does not agree yet."""
    checks = standing_checks(tx, case)
    agreed = {name for name, check in checks.items() if check.verdict == "agrees"}
    return [one for one in _compared(tx, case) if one.name not in agreed]


def _keep(tx: Session, case: Case, kind: str, actor_id: int, now: datetime, **told: Any) -> None:
    """What happened, for the history of the application and for the trail."""
    tx.add(ScreeningEvent(application_id=case.id, version=case.version, kind=kind, at=now, actor_id=actor_id,
                          **({"fields": []} | told)))  # fmt: skip
    detail = {"version": case.version, **{name: told[name] for name in ("reason_code",) if name in told}}
    if "fields" in told:
        detail["fields"] = [one["field"] for one in told["fields"]]
    audit.record(tx, now=now, act=f"screening.{kind}", object_kind="application", object_id=case.id,
                 actor_id=actor_id, office_id=case.desk.office_id, detail=detail)  # fmt: skip


def _test_ends(tx: Session, case: Case) -> datetime | None:
    return tx.scalar(
        sa.select(Phase.closes_at)
        .where(Phase.recruitment_id == case.desk.recruitment_id, Phase.kind == "test")
    )  # fmt: skip
