"""Over a WebSocket only: in `attention` when a page is left or is back, out the same when the policy turns.

A page that cannot tell loses nothing: there is no HTTP way, no repetition, and nothing depends on it.
"""

from __future__ import annotations

import functools
from typing import Any

from exam_server.attention import service
from exam_server.db import Announcement, Database
from exam_server.errors import BadRequest, Refusal, StorageUnavailable
from exam_server.exam import desk
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.sockets import room, seat_of
from exam_server.live import Live, Person, Reply


class AttentionSockets:
    """Binds the socket events of one process to the group commit."""

    def __init__(self, live: Live, db: Database, autosave: GroupCommit) -> None:
        self._live, self._autosave = live, autosave
        live.on_deferred("attention", self.attend)
        db.subscribe("attention", self.tell)

    def attend(self, person: Person, data: dict[str, Any], reply: Reply) -> None:
        """The page was left or is back; `kept` says whether that was worth a row."""
        seat, now = seat_of(person), self._live.clock.now()
        desk.check_attempt(seat, data)
        kind = data.get("kind")
        if kind not in service.KINDS:
            raise BadRequest

        def done(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                refusal = outcome if isinstance(outcome, Refusal) else StorageUnavailable()
                return reply(self._live.refused(refusal, person.language))
            return reply({"ok": True, "now": self._live.now_ms(), "kept": outcome})

        act = functools.partial(service.keep, attempt_id=seat.attempt_id, kind=kind, now=now)
        self._autosave.put(Act(act, done))

    def tell(self, row: Announcement) -> None:
        self._live.emit("attention", {"on": row["on"]}, room(row["attempt_id"]))
