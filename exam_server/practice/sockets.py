"""Practice over a WebSocket: practice_join, practice_save, practice_beat, practice_submit.

Out, to the pages of one run: `closed` and `frozen`, as in the exam. A beat needs no seat, so a page that only
checks its device may ask how long an answer takes.
"""

from __future__ import annotations

from typing import Any

from exam_server.db import Announcement, Database
from exam_server.errors import Refusal, StorageUnavailable
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.live import Live, Person, Reply
from exam_server.practice import desk, service
from exam_server.practice.refusals import NotSeated


def room(run_id: int) -> str:
    return f"practice:{run_id}"


class PracticeSockets:
    """Binds the practice events of one process to the group commit."""

    def __init__(self, live: Live, db: Database, autosave: GroupCommit) -> None:
        self._live, self._db, self._autosave = live, db, autosave
        live.on(desk.EVENTS + "join", self.join)
        live.on(desk.EVENTS + "beat", self.beat)
        live.on_deferred(desk.EVENTS + "save", self.save)
        live.on_deferred(desk.EVENTS + "submit", self.submit)
        db.subscribe("practice_closed", self.tell_closed)
        db.subscribe("practice_lease", self.tell_frozen)

    def join(self, person: Person, data: dict[str, Any]) -> dict[str, Any]:
        """Take a seat at one's own practice: the lease to save under, and everything stored."""
        now, session_id = self._live.clock.now(), person.viewer.session_id
        run = service.own_run(self._db, person.viewer.id)
        person.seat = desk.seat_of(run, session_id)
        desk.check_attempt(person.seat, data)  # who speaks for another practice hears nothing of this one
        self._live.enter(person, room(run.id))
        return {"ok": True} | desk.join(self._db, self._autosave, run, session_id, data, now)

    def beat(self, person: Person, data: dict[str, Any]) -> dict[str, Any]:
        """A sign of life, which changes nothing; the ack carries the server's time."""
        return {"ok": True, "now": self._live.now_ms()}

    def save(self, person: Person, data: dict[str, Any], reply: Reply) -> None:
        """Answers of one's own running practice; each item's fate is told after the commit."""
        saving = desk.read_save(_seat(person), data, self._live.clock.now())

        def done(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                return self._fail(person, reply, outcome)
            told = saving.told(outcome)
            said = {"ok": True, "now": self._live.now_ms()}
            if told.refusal:
                said = self._live.refused(told.refusal, person.language)
            reply(said | {"items": told.items})

        self._autosave.put(Act(saving.act, done))

    def submit(self, person: Person, data: dict[str, Any], reply: Reply) -> None:
        """Close one's own practice, after everything that was sent before it."""

        def done(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                self._fail(person, reply, outcome)
            else:
                reply({"ok": True, "now": self._live.now_ms()})

        self._autosave.put(Act(desk.read_submit(_seat(person), data, self._live.clock.now()), done))

    def tell_closed(self, row: Announcement) -> None:
        self._live.emit("closed", {"how": "submitted"}, room(row["run_id"]))

    def tell_frozen(self, row: Announcement) -> None:
        self._live.emit("frozen", {"lease": row["lease"]}, room(row["run_id"]))

    def _fail(self, person: Person, reply: Reply, problem: Exception) -> None:
        refusal = problem if isinstance(problem, Refusal) else StorageUnavailable()
        reply(self._live.refused(refusal, person.language))


def _seat(person: Person) -> desk.PracticeSeat:
    if not isinstance(person.seat, desk.PracticeSeat):
        raise NotSeated
    return person.seat
