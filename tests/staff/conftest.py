"""Two offices with their officials."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from exam_server.db import Database
from exam_server.models import Account
from exam_server.staff.people import roles_of
from exam_server.staff.rules import Actor
from tests.factories import Scene, add_official, add_scene


@dataclass(frozen=True)
class Cast:
    """Officials of the office `here`, one of the office `there`, and two superadmins."""

    db: Database
    here: Scene
    there: Scene
    admin: Account
    colleague: Account
    proctor: Account
    stranger: Account
    superadmin: Account
    second: Account

    def actor(self, account: Account) -> Actor:
        with self.db.read() as tx:
            return Actor(account.id, account.name, roles_of(tx, account.id))


@pytest.fixture
def cast(db: Database) -> Cast:
    here = add_scene(db, items=0)
    there = add_scene(db, items=0, code="3520", slug="magetan", name="BPS Kabupaten Magetan")
    return Cast(
        db, here, there,
        admin=add_official(db, "admin", here.office), colleague=add_official(db, "admin", here.office),
        proctor=add_official(db, "proctor", here.office), stranger=add_official(db, "proctor", there.office),
        superadmin=add_official(db, "superadmin", None), second=add_official(db, "superadmin", None),
    )  # fmt: skip
