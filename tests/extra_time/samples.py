"""Lost time and lost answers to test with: outages, answers that came too late, rescue files, an exam day."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from exam_server.approvals import service as approvals
from exam_server.auth import Viewer
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.exam.lookups import OwnAttempt, own_attempt
from exam_server.exam.saves import store
from exam_server.extra_time import beyond, counting, filing, giving, sittings
from exam_server.models import (
    Attempt,
    AuditEntry,
    LedgerEntry,
    Outage,
    Paper,
    Response,
    SaveTrouble,
    new_public_id,
)
from tests.factories import (
    HOUR,
    START,
    Run,
    Scene,
    add,
    add_official,
    add_running,
    add_scene,
    answer,
    assign,
)
from tests.restored import once

TIME_FORM = {"act": "grant", "minutes": "18", "reason_code": "power", "reason": "Listrik padam"}
ACTS = {filing.KIND: counting.apply, sittings.KIND: giving.apply, beyond.KIND: beyond.apply}
GRACE_AND_BUFFER = timedelta(seconds=10 + 5)
DEADLINE = START + HOUR
SWEPT = DEADLINE + GRACE_AND_BUFFER


def add_outage(db: Database, began_at: datetime, seconds: float) -> Outage:
    """A gap in the heartbeat, as the server measures it."""
    ended_at = began_at + timedelta(seconds=seconds)
    return add(db, Outage(public_id=new_public_id(), began_at=began_at, ended_at=ended_at))


def hear(db: Database, runs: Iterable[Run], *instants: datetime) -> None:
    """Signs of life of each of them, in order; the schema itself keeps the silences between them."""
    for at in instants:
        with db.write() as tx:
            for run in runs:
                exam.contact(tx, run.attempt_id, run.session_id, at)


def refuse_answers(db: Database, runs: Iterable[Run], began_at: datetime, seconds: int, saves: int) -> None:
    """As the writer tells it afterwards: their answers could not be stored for so long."""
    ended_at = began_at + timedelta(seconds=seconds)
    for run in runs:
        add(db, SaveTrouble(attempt_id=run.attempt_id, began_at=began_at, ended_at=ended_at, saves=saves))


def save(db: Database, run: Run, at: datetime, *, position: int = 1, seq: int = 1, option: int = 1) -> str:
    """The fate of one answer that arrives at `at`."""
    with db.write() as tx:
        (stored,) = store(tx, [run.save(answer(position, seq, option), at=at)])
    return stored.fates[position][0]


def close(db: Database, run: Run, at: datetime = SWEPT) -> None:
    """By the clock, as the sweeper does it."""
    with db.write() as tx:
        exam.close_by_clock(tx, run.attempt_id, at)


def submit(db: Database, run: Run, at: datetime) -> None:
    with db.write() as tx:
        exam.submit(tx, run.attempt_id, run.session_id, run.lease, at)


def own(db: Database, run: Run) -> OwnAttempt:
    """The attempt as its candidate finds it."""
    return own_attempt(db, run.candidate_id)


def chosen(db: Database, run: Run) -> dict[int, int | None]:
    """Position -> option of what counts."""
    with db.read() as tx:
        rows = tx.scalars(sa.select(Response).where(Response.attempt_id == run.attempt_id))
        return {row.position: row.option for row in rows}


def entries(db: Database, run: Run) -> list[tuple[str, int]]:
    """(kind, seconds) of the ledger, in order."""
    with db.read() as tx:
        rows = tx.scalars(sa.select(LedgerEntry).where(LedgerEntry.attempt_id == run.attempt_id)
                          .order_by(LedgerEntry.id))  # fmt: skip
        return [(row.kind, row.seconds) for row in rows]


def trail(db: Database, *acts: str) -> list[AuditEntry]:
    """Rows of the trail with one of these acts."""
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry).where(AuditEntry.act.in_(acts)).order_by(AuditEntry.id)))


def grant_question(db: Database, public_id: str, granter: int, at: datetime) -> None:
    """As the page of approvals does it."""
    approvals.grant(db, ACTS, public_id, granter, at)


def rescue_entry(position: int = 1, seq: int = 1, option: int | None = 2, **changed: Any) -> dict[str, Any]:
    """One entry as the page writes it."""
    return {"position": position, "seq": seq, "option": option, "flagged": False, "chosen_at": None} | changed


def rescue_file(db: Database, run: Run, *answers: dict[str, Any], **changed: Any) -> bytes:
    """A file as the page of this candidate would write it."""
    with db.read() as tx:
        paper = tx.scalar(sa.select(Paper.sha256).where(Paper.attempt_id == run.attempt_id))
    made = int(START.timestamp() * 1000) + 60_000
    content = {"kind": "rescue", "version": 1, "attempt": run.public_id, "paper": paper, "made_at": made,
               "wall_at": made, "lease": run.lease, "entries": list(answers) or [rescue_entry()]}  # fmt: skip
    return json.dumps(content | changed).encode()


def add_rescue_file(db: Database, run: Run, official: int) -> str:
    """The public id of a file of this candidate that an official has loaded."""
    return filing.load(db, run.attempt_id, rescue_file(db, run), official, START)


def a_day(db: Database, running: int = 1) -> Day:
    """That day, which many tests begin with."""
    return once(db, f"day with {running} running", lambda: Day(db, running))


class Day:
    """One office on its exam day: a proctor, two admins, and as many running candidates as wanted."""

    def __init__(self, db: Database, running: int = 1) -> None:
        self.db = db
        self.scene: Scene = add_scene(db)
        self.runs = [add_running(db, self.scene) for _ in range(running)]
        self.proctor = add_official(db, "proctor", self.scene.office).id
        assign(db, self.scene.sitting.id, self.proctor)
        self.admin = add_official(db, "admin", self.scene.office).id
        self.other = add_official(db, "admin", self.scene.office).id

    @property
    def run(self) -> Run:
        return self.runs[0]

    @functools.cached_property
    def sitting(self) -> int:
        return self.scene.sitting.id

    @staticmethod
    def official(account_id: int, *roles: tuple[str, int | None]) -> Viewer:
        """That official, signed in, with (role, office)."""
        return Viewer(account_id, 0, "", "", frozenset(roles))

    @property
    def root(self) -> Viewer:
        """A superadmin."""
        return self.official(self.other, ("superadmin", None))

    @property
    def watcher(self) -> Viewer:
        """The proctor, signed in."""
        return self.official(self.proctor, ("proctor", self.scene.office.id))

    def attempt(self, run: Run | None = None) -> Attempt:
        with self.db.read() as tx:
            return tx.get_one(Attempt, (run or self.run).attempt_id)
