"""The exam over a WebSocket: join, save, beat, submit; the ack of an act is sent after its commit.

Out: `closed` when the attempt was finalised, `frozen` when another page took the lease, `time` when the
ledger grew.
"""

from __future__ import annotations

from typing import Any

from exam_server.db import Announcement, Database
from exam_server.errors import Refusal, StorageUnavailable
from exam_server.exam import desk, lookups
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.refusals import NotStarted
from exam_server.live import Live, Person, Reply


def room(attempt_id: int) -> str:
    return f"attempt:{attempt_id}"


class ExamSockets:
    """Binds the socket events of one process to the group commit."""

    def __init__(self, live: Live, db: Database, autosave: GroupCommit) -> None:
        self._live, self._db, self._autosave = live, db, autosave
        live.on("join", self.join)
        live.on_deferred("save", self.save)
        live.on_deferred("beat", self.beat)
        live.on_deferred("submit", self.submit)
        db.subscribe("closed", self.tell_closed)
        db.subscribe("lease", self.tell_frozen)
        db.subscribe("time", self.tell_time)

    def join(self, person: Person, data: dict[str, Any]) -> dict[str, Any]:
        """Take a seat at one's own attempt: the lease to save under, and everything durable."""
        now = self._live.clock.now()
        own = lookups.own_attempt(self._db, person.viewer.id)
        person.seat = desk.seat_of(own, person.viewer.session_id)
        desk.check_attempt(person.seat, data)  # who speaks for another attempt hears nothing of this one
        self._live.enter(person, room(own.id))  # before the lease: what is told from then on is not missed
        session_id = person.viewer.session_id
        return {"ok": True} | desk.join(self._db, self._autosave, own, session_id, person.device, data, now)

    def save(self, person: Person, data: dict[str, Any], reply: Reply) -> None:
        """Answers of one's own running attempt; each item's fate is told after the commit."""
        save, refused = desk.read_save(seat_of(person), data, self._live.clock.now())

        def done(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                return self._fail(person, reply, outcome)
            told = desk.answer(save, outcome, refused)
            said = {"ok": True, "now": self._live.now_ms()}
            if told.refusal:
                said = self._live.refused(told.refusal, person.language)
            reply(said | {"items": told.items})

        self._autosave.put(Act(save, done))

    def beat(self, person: Person, data: dict[str, Any], reply: Reply) -> None:
        """A sign of life; the ack carries the server's time."""
        act = desk.read_beat(seat_of(person), self._live.clock.now())
        self._autosave.put(Act(act, self._telling(person, reply)))

    def submit(self, person: Person, data: dict[str, Any], reply: Reply) -> None:
        """Close one's own attempt, after everything that was sent before it."""
        act = desk.read_submit(seat_of(person), data, self._live.clock.now())
        self._autosave.put(Act(act, self._telling(person, reply)))

    def tell_closed(self, row: Announcement) -> None:
        self._live.emit("closed", {"how": row["how"]}, room(row["attempt_id"]))

    def tell_frozen(self, row: Announcement) -> None:
        """Pages under an older lease freeze and say why; the newest one recognises its own number."""
        said = {"lease": row["lease"], "released": row.get("released", False)}
        self._live.emit("frozen", said, room(row["attempt_id"]))

    def tell_time(self, row: Announcement) -> None:
        """Time was granted, perhaps to an attempt that the clock had closed: the sum and why, at once."""
        said = {name: value for name, value in row.items() if name != "attempt_id"}
        self._live.emit("time", said, room(row["attempt_id"]))

    def _telling(self, person: Person, reply: Reply) -> Any:
        def done(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                self._fail(person, reply, outcome)
            else:
                reply({"ok": True, "now": self._live.now_ms()})

        return done

    def _fail(self, person: Person, reply: Reply, problem: Exception) -> None:
        refusal = problem if isinstance(problem, Refusal) else StorageUnavailable()
        reply(self._live.refused(refusal, person.language))


def seat_of(person: Person) -> desk.Seat:
    """Where this socket joined; raises NotStarted before it did."""
    if not isinstance(person.seat, desk.Seat):
        raise NotStarted
    return person.seat
