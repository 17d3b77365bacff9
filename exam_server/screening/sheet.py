"""One application as an official reads it: typed values, their files, what changed, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.documents import service as documents
from exam_server.models import (
    Account,
    ApplicationVersion,
    Requirement,
    ScreeningEvent,
)
from exam_server.offices.service import Stage
from exam_server.registration.rules import KINDS, Finding, changed_documents, changed_fields
from exam_server.screening import rules
from exam_server.screening.cases import Case, screening_stage
from exam_server.screening.checks import Check, altered_between, standing_checks, versions
from exam_server.screening.letters import label
from exam_server.screening.queue import findings


@dataclass(frozen=True)
class Line:
    """One thing to compare; `before` is its value one version earlier when `changed`."""

    name: str
    label: str
    document: str | None
    value: Any
    before: Any
    changed: bool
    check: Check | None
    is_file: bool = False


@dataclass(frozen=True)
class File:
    """One uploaded document of this version."""

    kind: str
    label: str
    public_id: str
    pages: int
    media_type: str
    uploaded_at: datetime
    sha256: str
    changed: bool


@dataclass(frozen=True)
class Version:
    """One sending, and what it changed against the one before: (label, before, after) and labels of files."""

    number: int
    sent_at: datetime
    fields: tuple[tuple[str, str, Any, Any], ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """One thing that happened; `asked` are (label, note)."""

    kind: str
    version: int
    at: datetime
    actor: str
    reason_code: str | None
    text: str | None
    asked: tuple[tuple[str, str], ...]
    due_at: datetime | None


@dataclass(frozen=True)
class Sheet:
    """Everything on the page of one application."""

    case: Case
    state: rules.Standing
    until: datetime | None
    lines: tuple[Line, ...]
    files: tuple[File, ...]
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    statements: tuple[dict[str, Any], ...]
    claimed_by: str | None
    stage: Stage | None
    may_ask: bool
    """Nobody waits for a correction that may still come."""

    @property
    def agreed(self) -> int:
        return sum(1 for line in self.lines if line.check and line.check.verdict == "agrees")

    @property
    def differing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.check and line.check.verdict == "differs")


Sent = ApplicationVersion


def read(db: Database, case: Case, now: datetime) -> Sheet:
    """The newest version of an application with everything an official needs to decide."""
    with db.read() as tx:
        sent = versions(tx, case)
        newest, former = sent[-1], sent[-2] if len(sent) > 1 else None
        state, until = rules.standing(case.facts, now)
        return Sheet(
            case, state, until, _lines(tx, case, newest, former), _files(tx, newest, former),
            tuple(_version(one, before) for one, before in zip(sent, [None, *sent], strict=False)),
            _events(tx, case), findings(case.desk, newest.data, case.applied_at),
            _statements(tx, case, newest), _claimer(tx, case, now),
            screening_stage(tx, case.desk.recruitment_id, now), rules.may_ask_again(case.facts, now),
        )  # fmt: skip


def _lines(tx: Session, case: Case, newest: Sent, former: Sent | None) -> tuple[Line, ...]:
    checks = standing_checks(tx, case)
    altered = _altered(newest, former)
    before = former.data if former else {}
    return tuple(
        Line(one.name, one.label, one.document, newest.data.get(one.name), before.get(one.name),
             one.name in altered, checks.get(one.name), one.name in rules.DOCUMENTS)
        for one in rules.compared(newest.data, newest.documents)
    )  # fmt: skip


def _altered(newest: Sent, former: Sent | None) -> set[str]:
    return altered_between(newest, former) if former else set()


def _files(tx: Session, newest: Sent, former: Sent | None) -> tuple[File, ...]:
    altered, held = _altered(newest, former), documents.by_ids(tx, list(newest.documents.values()))
    found = [(kind, held.get(newest.documents.get(kind, 0))) for kind in KINDS]
    return tuple(
        File(kind, label(kind), one.public_id, one.pages, one.media_type, one.uploaded_at, one.sha256,
             kind in altered)
        for kind, one in found if one is not None
    )  # fmt: skip


def _version(sent: Sent, before: Sent | None) -> Version:
    if before is None:
        return Version(sent.number, sent.sent_at, (), ())
    fields = [(name, label(name), before.data.get(name), sent.data.get(name))
              for name in changed_fields(before.data, sent.data)]  # fmt: skip
    files = [label(kind) for kind in changed_documents(before.documents, sent.documents)]
    return Version(sent.number, sent.sent_at, tuple(fields), tuple(files))


def _events(tx: Session, case: Case) -> tuple[Event, ...]:
    rows = tx.execute(
        sa.select(ScreeningEvent, Account.name)
        .join(Account, Account.id == ScreeningEvent.actor_id)
        .where(ScreeningEvent.application_id == case.id)
        .order_by(ScreeningEvent.id)
    )
    return tuple(
        Event(row.kind, row.version, row.at, name, row.reason_code, row.text,
              tuple((label(one["field"]), one["note"]) for one in row.fields), row.due_at)
        for row, name in rows
    )  # fmt: skip


def _statements(tx: Session, case: Case, newest: Sent) -> tuple[dict[str, Any], ...]:
    """Texts of the requirements that the candidate confirmed."""
    positions = newest.data.get("statements") or []
    if not positions:
        return ()
    return tuple(tx.scalars(
        sa.select(Requirement.text)
        .where(Requirement.recruitment_id == case.desk.recruitment_id, Requirement.position.in_(positions))
        .order_by(Requirement.position)
    ))  # fmt: skip


def _claimer(tx: Session, case: Case, now: datetime) -> str | None:
    if case.claimed_until is None or case.claimed_until <= now:
        return None
    return tx.scalar(sa.select(Account.name).where(Account.id == case.claimed_by))
