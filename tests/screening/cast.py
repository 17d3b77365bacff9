"""What the tests of screening share: an office with its officials, and applications that were really sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, AuditEntry, FieldCheck, Mail, Screening, ScreeningEvent
from exam_server.registration import service as registration
from exam_server.screening import cases, claims, service, sheet
from tests.factories import DAY, START, Scene, add_account, add_official, add_profile, add_scene

NOW = START - 3 * DAY
SENT = NOW - DAY


@dataclass(frozen=True)
class Filed:
    """One application that was sent."""

    candidate_id: int
    id: int
    public_id: str


def file_application(
    db: Database, scene: Scene, sent: datetime = SENT, name: str = "Citra Lestari", **profile: Any
) -> Filed:
    """Somebody with a complete profile who applied."""
    account = add_account(db, name=name)
    add_profile(db, account.id, scene.office, **profile)
    entry = registration.apply(db, account.id, scene.registration.id, sent)
    with db.read() as tx:
        return Filed(account.id, entry, tx.get_one(Screening, entry).public_id)


def agree_to_all(db: Database, filed: Filed, official_id: int, now: datetime, version: int = 1) -> None:
    """Everything of that version agrees, and nobody holds the application."""
    with db.read() as tx:
        case = cases.find(tx, filed.public_id)
    for line in sheet.read(db, case, now).lines:
        service.check(db, filed.public_id, version, line.name, "agrees", "", official_id, now)
    claims.release(db, filed.public_id, official_id, now)


class Bureau:
    """An office, two screeners, and what its database says of an application."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.scene: Scene = add_scene(db, items=0)
        self.ayu = add_official(db, "screener", self.scene.office)
        self.budi = add_official(db, "screener", self.scene.office)

    def file(self, sent: datetime = SENT, name: str = "Citra Lestari", **profile: Any) -> Filed:
        return file_application(self.db, self.scene, sent, name, **profile)

    def row(self, filed: Filed) -> Screening:
        with self.db.read() as tx:
            return tx.get_one(Screening, filed.id)

    def fields(self, filed: Filed) -> list[str]:
        """Names of everything that is compared."""
        return [line.name for line in self.sheet(filed).lines]

    def sheet(self, filed: Filed, now: datetime = NOW) -> sheet.Sheet:
        with self.db.read() as tx:
            case = cases.find(tx, filed.public_id)
        return sheet.read(self.db, case, now)

    def check(self, filed: Filed, field: str, verdict: str = "agrees", note: str = "", version: int = 1,
              actor: Account | None = None, now: datetime = NOW) -> list[str]:  # fmt: skip
        return service.check(
            self.db, filed.public_id, version, field, verdict, note, (actor or self.ayu).id, now
        )

    def agree(self, filed: Filed, version: int = 1, now: datetime = NOW) -> None:
        """Everything of that version agrees; nobody holds it."""
        agree_to_all(self.db, filed, self.ayu.id, now, version)

    def ask(self, filed: Filed, due: datetime = NOW + 3 * DAY, now: datetime = NOW, **notes: str) -> None:
        """A correction; `desa="salah"` says what of which field."""
        asked = [service.Asked(field, note) for field, note in (notes or {"desa": "Tulis nama desa"}).items()]
        version = self.row(filed).version
        service.ask_correction(self.db, filed.public_id, version, asked, due, self.ayu.id, now)

    def correct(self, filed: Filed, now: datetime) -> None:
        """The candidate changes something and sends it again."""
        with self.db.write() as tx:
            tx.execute(sa.text("UPDATE profile SET desa = 'Kedungleper' WHERE account_id = :id"),
                       {"id": filed.candidate_id})  # fmt: skip
        registration.resend(self.db, filed.candidate_id, now)

    def checks(self, filed: Filed) -> list[FieldCheck]:
        with self.db.read() as tx:
            return list(tx.scalars(sa.select(FieldCheck).where(FieldCheck.application_id == filed.id)))

    def events(self, filed: Filed) -> list[str]:
        with self.db.read() as tx:
            rows = sa.select(ScreeningEvent.kind).where(ScreeningEvent.application_id == filed.id)
            return list(tx.scalars(rows.order_by(ScreeningEvent.id)))

    def acts(self) -> list[str]:
        with self.db.read() as tx:
            return list(tx.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)))

    def letters(self, filed: Filed) -> list[Mail]:
        with self.db.read() as tx:
            rows = sa.select(Mail).where(Mail.account_id == filed.candidate_id).order_by(Mail.id)
            return list(tx.scalars(rows))
