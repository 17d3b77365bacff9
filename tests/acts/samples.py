"""A proctor in front of the board: a sitting with people who run, and acts as the page sends them."""

from __future__ import annotations

import functools
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from exam_server.db import Database
from exam_server.models import Attempt, SittingProctor
from tests.client import Client
from tests.factories import MINUTE, START, Run, Scene, add, add_booked, add_official, add_running, add_scene
from tests.restored import once

SOON = START + 20 * MINUTE
TIME = {"act": "time", "minutes": 10, "reason_code": "power", "text": "Listrik padam"}
MESSAGE = {"act": "message", "text": "Tetap tenang."}
CLOSE = {"act": "close", "text": "Meninggalkan ruang"}
RELEASE = {"act": "release", "text": "Ponsel rusak"}
INCIDENT = {"act": "incident", "kind": "noise", "text": "Gaduh di luar ruang"}
ALL = (MESSAGE, TIME, CLOSE, RELEASE, INCIDENT)


def _exam_day(db: Database, running: int) -> tuple[Scene, list[Run]]:
    scene = add_scene(db)
    return scene, [add_running(db, scene) for _ in range(running)]


class Desk:
    """One office on its exam day; `proctor` is assigned to its sitting, `idle` to none."""

    def __init__(self, app: Flask, db: Database, running: int = 5) -> None:
        self.app, self.db = app, db
        self.scene, self.runs = once(db, f"desk with {running}", lambda: _exam_day(db, running))
        self.proctor = self.assigned()
        self.idle = add_official(db, "proctor", self.scene.office).id
        self.admin = add_official(db, "admin", self.scene.office).id

    def assigned(self) -> int:
        """One more proctor of the sitting."""
        person = add_official(self.db, "proctor", self.scene.office).id
        add(self.db, SittingProctor(sitting_id=self.scene.sitting.id, account_id=person, assigned_at=START))
        return person

    @property
    def run(self) -> Run:
        return self.runs[0]

    @property
    def path(self) -> str:
        return f"/board/{self.scene.selection.public_id}/acts"

    @functools.cached_property
    def client(self) -> Client:
        return self.as_(self.proctor)

    def as_(self, account_id: int) -> Client:
        return Client(self.app).sign_in(account_id)

    def booked(self) -> Run:
        """Somebody who has not begun."""
        return add_booked(self.db, self.scene)

    def send(self, client: Client, payload: dict[str, Any], *runs: Run, **more: Any) -> TestResponse:
        return client.post(self.path, json=payload | {"attempts": [run.public_id for run in runs]} | more)

    def ask(self, payload: dict[str, Any], *runs: Run, **more: Any) -> dict[str, Any]:
        """What it would do; fails when that is refused."""
        answer = self.send(self.client, payload, *runs, **more)
        told: dict[str, Any] = answer.get_json()
        assert answer.status_code == 200, told
        return told

    def do(self, payload: dict[str, Any], *runs: Run, **more: Any) -> dict[str, Any]:
        """Asked and confirmed."""
        token = self.ask(payload, *runs, **more)["confirm"]
        return self.ask(payload, *runs, **more, confirm=token)

    def refused(self, payload: dict[str, Any], *runs: Run, by: Client | None = None, **more: Any) -> str:
        """The code of a refusal."""
        answer = self.send(by or self.client, payload, *runs, **more)
        assert answer.status_code >= 400, answer.get_json()
        return str(answer.get_json()["code"])

    def attempt(self, run: Run | None = None) -> Attempt:
        with self.db.read() as tx:
            return tx.get_one(Attempt, (run or self.run).attempt_id)


def names(told: dict[str, Any]) -> dict[str, str]:
    """Who was left out -> why, in the first words of the sentence."""
    return {one["id"]: " ".join(one["sentence"].split()[:2]) for one in told["skipped"]}
