"""Messages over a WebSocket: in `got` and `seen`, out `message` to every page at an attempt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exam_server.db import Announcement, Database
from exam_server.errors import Refusal, StorageUnavailable
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.desk import Perform
from exam_server.exam.sockets import room, seat_of
from exam_server.live import Live, Person, Reply
from exam_server.messages import desk


class MessageSockets:
    """Binds the socket events of one process to the group commit."""

    def __init__(self, live: Live, db: Database, autosave: GroupCommit) -> None:
        self._live, self._autosave = live, autosave
        live.on_deferred("got", self.got)
        live.on_deferred("seen", self.seen)
        db.subscribe("message", self.tell)

    def got(self, person: Person, data: dict[str, Any], reply: Reply) -> None:
        """A page has messages now."""
        self._put(person, desk.read_got(seat_of(person), data, self._live.clock.now()), reply)

    def seen(self, person: Person, data: dict[str, Any], reply: Reply) -> None:
        """The candidate has read one."""
        self._put(person, desk.read_seen(seat_of(person), data, self._live.clock.now()), reply)

    def tell(self, row: Announcement) -> None:
        self._live.emit("message", row["message"], room(row["attempt_id"]))

    def _put(self, person: Person, act: Perform, reply: Reply) -> None:
        self._autosave.put(Act(act, acknowledge(self._live, person, reply)))


def acknowledge(live: Live, person: Person, reply: Reply) -> Callable[[Any], None]:
    """Tells a page after the commit that its act is done, or why not."""

    def done(outcome: Any) -> None:
        if isinstance(outcome, Exception):
            refusal = outcome if isinstance(outcome, Refusal) else StorageUnavailable()
            reply(live.refused(refusal, person.language))
        else:
            reply({"ok": True, "now": live.now_ms()})

    return done
