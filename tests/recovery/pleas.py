"""What the tests of help requests share: a town of people, pleas, and what was written of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, AuditEntry, Base, HelpRequest, Mail, Profile, SecondFactor
from exam_server.recovery import asking, service
from exam_server.recovery.cases import Official
from exam_server.recovery.rules import Plea
from tests.factories import (
    START,
    Scene,
    add,
    add_account,
    add_official,
    add_other_scene,
    add_profile,
    add_scene,
    make_nik,
)

SECRET = "s" * 40
NEW_EMAIL = "alamat-baru@surel.example"
REASON = "KTP sudah dicocokkan di loket."


@dataclass(frozen=True)
class Town:
    """Two offices, their admins, a candidate without a NIK, and another whose profile holds `nik`."""

    scene: Scene
    elsewhere: Scene
    nik: str
    asker: Account
    holder: Account
    proctor: Account
    admin: Official
    other_admin: Official
    superadmin: Official


def make_town(db: Database) -> Town:
    scene, elsewhere, nik = add_scene(db, items=0), add_other_scene(db), make_nik()
    holder = add_account(db, email="pemegang@surel.example", name="Pemegang NIK")
    add_profile(db, holder.id, scene.office, nik=nik)
    return Town(
        scene=scene, elsewhere=elsewhere, nik=nik, holder=holder,
        asker=add_account(db, email="pemohon@surel.example", name="Pemohon"),
        proctor=add_official(db, "proctor", scene.office),
        admin=Official(add_official(db, "admin", scene.office).id, False),
        other_admin=Official(add_official(db, "admin", elsewhere.office).id, False),
        superadmin=Official(add_official(db, "superadmin", None).id, True),
    )  # fmt: skip


def make_plea(town: Town, kind: str, **changed: str) -> Plea:
    email = {"email": NEW_EMAIL, "second_factor": town.proctor.email}.get(kind, "")
    plea = Plea(kind=kind, name="Rara Wulandari", nik=town.nik, email=email, office=town.scene.office.slug,
                explanation="Sudah lapor ke loket.")  # fmt: skip
    return replace(plea, **changed)


def asked(db: Database, town: Town, kind: str, account_id: int | None = None, **changed: str) -> str:
    """The public id of a new request; a signed-in kind is asked by `asker` unless somebody else is named."""
    by = account_id or (town.asker.id if kind in ("nik", "erasure") else None)
    asking.ask(db, make_plea(town, kind, **changed), "192.0.2.1", START, by)
    return str(newest(db).public_id)


def granted(db: Database, town: Town, public_id: str, by: Official | None = None) -> None:
    service.grant(db, public_id, by or town.admin, REASON, SECRET, START)


def newest(db: Database) -> HelpRequest:
    with db.read() as tx:
        return tx.scalars(sa.select(HelpRequest).order_by(HelpRequest.id.desc()).limit(1)).one()


def count(db: Database) -> int:
    with db.read() as tx:
        return tx.scalar(sa.select(sa.func.count()).select_from(HelpRequest)) or 0


def row(db: Database, public_id: str) -> HelpRequest:
    with db.read() as tx:
        return tx.scalars(sa.select(HelpRequest).where(HelpRequest.public_id == public_id)).one()


def acts(db: Database) -> list[tuple[str, int | None, int]]:
    """(act, actor, object) of every row of the trail that is about requests and accounts, in order."""
    with db.read() as tx:
        rows = tx.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        return [(one.act, one.actor_id, one.object_id) for one in rows
                if one.object_kind in ("account", "help_request")]  # fmt: skip


def letters(db: Database) -> list[tuple[str, str]]:
    """(recipient, subject) in the order of writing."""
    with db.read() as tx:
        rows = tx.scalars(sa.select(Mail).order_by(Mail.id))
        return [(one.recipient, one.subject) for one in rows]


def bodies(db: Database, recipient: str) -> list[str]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(Mail.body).where(Mail.recipient == recipient).order_by(Mail.id)))


def nik_of(db: Database, account_id: int) -> str | None:
    with db.read() as tx:
        return tx.scalars(sa.select(Profile.nik).where(Profile.account_id == account_id)).one()


def account(db: Database, account_id: int) -> Account:
    with db.read() as tx:
        return tx.get_one(Account, account_id)


def add_second_factor(db: Database, account_id: int, at: datetime = START) -> None:
    add(db, SecondFactor(account_id=account_id, secret="JBSWY3DPEHPK3PXP", confirmed_at=at, last_step=0))


def has_second_factor(db: Database, account_id: int) -> bool:
    with db.read() as tx:
        return tx.get(SecondFactor, account_id) is not None


def live_sessions(db: Database, account_id: int) -> int:
    statement = "SELECT count(*) FROM server_session WHERE account_id = :id AND ended_at IS NULL"
    with db.read() as tx:
        return int(tx.execute(sa.text(statement), {"id": account_id}).scalar_one())


def everything(db: Database, *but: str) -> str:
    """Every row of every table but these, as text: what was forgotten must not be found in it."""
    told: list[Any] = []
    with db.read() as tx:
        for table in Base.metadata.sorted_tables:
            if table.name not in but:
                told += [str(one) for one in tx.execute(sa.select(table)).all()]
    return "\n".join(told)
