"""Accepting many at once: what was shown is accepted, each in its own transaction, the others told why."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.models import Account, Application, ApplicationVersion, FieldCheck, Screening
from exam_server.screening import cases, service
from exam_server.screening.cases import Desk
from exam_server.screening.standings import waiting

MOST = 100
"""Applications per press: more would keep the browser waiting."""


@dataclass(frozen=True)
class Ready:
    """One application whose every field agrees; `checked_by` names who compared the last of them."""

    public_id: str
    version: int
    name: str
    kecamatan: str
    checked_by: tuple[str, ...]
    checked_at: datetime | None


@dataclass(frozen=True)
class Outcome:
    """Names of who was accepted, and (name, why not) of who was not."""

    accepted: tuple[str, ...]
    refused: tuple[tuple[str, Refusal], ...]


def preview(db: Database, desk: Desk) -> list[Ready]:
    """Undecided applications that agree in everything, longest compared first, at most MOST."""
    statement = (
        sa.select(Screening, Account.name, ApplicationVersion.data)
        .join(Application, Application.id == Screening.application_id)
        .join(Account, Account.id == Application.candidate_id)
        .join(ApplicationVersion, sa.and_(ApplicationVersion.application_id == Screening.application_id,
                                          ApplicationVersion.number == Screening.version))
        .where(Screening.activity_id == desk.id, waiting(), Screening.checked_at.is_not(None))
        .order_by(Screening.checked_at, Screening.application_id)
        .limit(MOST)
    )  # fmt: skip
    checker = aliased(Account)
    with db.read() as tx:
        rows = tx.execute(statement).all()
        who: dict[int, list[str]] = {}
        for application_id, name in tx.execute(
            sa.select(FieldCheck.application_id, checker.name).distinct()
            .join(checker, checker.id == FieldCheck.checked_by)
            .where(FieldCheck.application_id.in_([row.Screening.application_id for row in rows]))
            .order_by(checker.name)
        ):  # fmt: skip
            who.setdefault(application_id, []).append(name)
    return [
        Ready(one.public_id, one.version, name, data.get("kecamatan") or "",
              tuple(who.get(one.application_id, [])), one.checked_at)
        for one, name, data in rows
    ]  # fmt: skip


def accept_many(
    db: Database, desk: Desk, previewed: Sequence[tuple[str, int]], actor_id: int, now: datetime
) -> Outcome:
    """Accept what still is as it was previewed (public id, version); one that changed stops no other.

    Applications of other activities are left out silently: they were not on the page.
    """
    accepted, refused = [], []
    for public_id, version in previewed[:MOST]:
        with db.read() as tx:
            case = cases.find(tx, public_id)
        if case.desk.id != desk.id:
            continue
        try:
            service.accept(db, public_id, version, actor_id, now)
        except Refusal as why:
            refused.append((case.name, why))
        else:
            accepted.append(case.name)
        time.sleep(0)  # whoever sits an exam is served between two applications
    return Outcome(tuple(accepted), tuple(refused))
