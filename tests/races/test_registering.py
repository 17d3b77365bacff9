"""One address registered many times at the same instant: one account, and everybody else is told why not."""

from __future__ import annotations

import threading

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exam_server.accounts import service
from exam_server.db import Database
from exam_server.models import Account
from tests.together import AT_ONCE, outcomes
from tests.worlds import World, wall

EMAIL = "serentak@surel.example"


def accounts(world: World) -> int:
    return int(world.scalar("SELECT count(*) FROM account WHERE email = :email", email=EMAIL))


def test_simultaneous_registrations_of_one_address_are_one_account(world: World) -> None:
    def register(db: Database, together: threading.Barrier) -> None:
        together.wait(60)
        service.register(db, EMAIL, "Ayu", "-", wall())

    assert outcomes(world.db, register) == {"ok": 1, "EmailTaken": AT_ONCE - 1}
    assert accounts(world) == 1
    audited = world.scalar("SELECT count(*) FROM audit WHERE act = 'account.registered'")
    assert audited == world.scalar("SELECT count(*) FROM account")


def test_control_asking_before_inserting_answers_with_a_fault(world: World) -> None:
    def register(db: Database, together: threading.Barrier) -> None:
        with db.read() as tx:
            taken = tx.scalar(sa.select(Account.id).where(Account.email == EMAIL))
        together.wait(60)  # everybody has asked before anybody inserts: the worst case, every time
        if taken:
            raise service.EmailTaken
        with db.write() as tx:
            tx.add(Account(email=EMAIL, name="Ayu", password_hash="-", created_at=wall()))

    assert outcomes(world.db, register) == {"ok": 1, IntegrityError.__name__: AT_ONCE - 1}
    assert accounts(world) == 1
