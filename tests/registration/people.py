"""People who apply: ready with a profile and files, applied, or asked for a correction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import (
    Account,
    Application,
    ApplicationVersion,
    Document,
    Profile,
    Requirement,
    Screening,
    ScreeningEvent,
)
from exam_server.registration import service
from tests.factories import DAY, START, Scene, add, add_account, add_profile, make_document

DUE = START + 3 * DAY


def add_ready(db: Database, scene: Scene, **profile: Any) -> Account:
    """Somebody with everything that an application needs."""
    account = add_account(db)
    add_profile(db, account.id, scene.office, **profile)
    return account


def add_statements(db: Database, scene: Scene, *positions: int) -> None:
    """Requirements to be confirmed at these positions, and one at 99 that something else proves."""
    for position in (*positions, 99):
        proof = "ktp" if position == 99 else "statement"
        add(
            db,
            Requirement(
                recruitment_id=scene.recruitment.id,
                position=position,
                kind="must",
                proof=proof,
                text={"id": f"Syarat {position}", "en": f"Requirement {position}"},
            ),
        )


def add_asked(
    db: Database,
    scene: Scene,
    screener_id: int,
    *fields: tuple[str, str],
    due_at: datetime = DUE,
    asked_at: datetime = START,
    **profile: Any,
) -> Account:
    """Somebody who applied and whose office asked to correct (field, note) until `due_at`."""
    account = add_ready(db, scene, **profile)
    application = service.apply(db, account.id, scene.registration.id, asked_at - DAY)
    ask(db, application, screener_id, *fields, due_at=due_at, asked_at=asked_at)
    return account


def ask(
    db: Database,
    application: int,
    screener_id: int,
    *fields: tuple[str, str],
    due_at: datetime = DUE,
    asked_at: datetime = START,
) -> None:
    """The office asks for a correction."""
    with db.write() as tx:
        row = tx.get_one(Screening, application)
        row.asked_at, row.due_at, row.checked_at = asked_at, due_at, None
        tx.add(
            ScreeningEvent(
                application_id=application,
                version=row.version,
                kind="correction",
                at=asked_at,
                actor_id=screener_id,
                due_at=due_at,
                fields=[{"field": name, "note": note} for name, note in fields],
            )
        )


def change_profile(db: Database, account_id: int, **values: Any) -> None:
    """The candidate edits the own profile."""
    with db.write() as tx:
        tx.execute(sa.update(Profile).where(Profile.account_id == account_id).values(**values))


def replace_file(db: Database, account_id: int, kind: str, at: datetime = START) -> int:
    """A new upload of that kind; its id."""
    with db.write() as tx:
        tx.execute(
            sa.update(Document)
            .where(Document.account_id == account_id, Document.kind == kind, Document.replaced_at.is_(None))
            .values(replaced_at=at)
        )
        row = make_document(account_id, kind, uploaded_at=at)
        tx.add(row)
        tx.flush()
        return row.id


def versions(db: Database, account_id: int) -> list[ApplicationVersion]:
    """Everything this account sent, in order."""
    with db.read() as tx:
        return list(
            tx.scalars(
                sa.select(ApplicationVersion)
                .join(Application, Application.id == ApplicationVersion.application_id)
                .where(Application.candidate_id == account_id)
                .order_by(ApplicationVersion.number)
            )
        )


def screening_of(db: Database, account_id: int) -> Screening:
    with db.read() as tx:
        return tx.scalars(
            sa.select(Screening)
            .join(Application, Application.id == Screening.application_id)
            .where(Application.candidate_id == account_id)
        ).one()


def events(db: Database, account_id: int) -> list[tuple[int, str]]:
    """(version, kind) of everything that happened to this account's application."""
    with db.read() as tx:
        rows = tx.scalars(
            sa.select(ScreeningEvent)
            .join(Application, Application.id == ScreeningEvent.application_id)
            .where(Application.candidate_id == account_id)
            .order_by(ScreeningEvent.id)
        )
        return [(row.version, row.kind) for row in rows]


TICK = timedelta(microseconds=1)
