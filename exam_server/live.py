"""Sockets: who is at the other end is settled at connect; acks may be sent later, by whoever commits.

Events go to python-socketio directly: Flask-SocketIO's own route pushes a request context per event and
halves the rate. A handler's Refusal becomes the ack here, in one place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_socketio import SocketIO
from socketio import packet
from werkzeug.http import parse_cookie

from exam_server.auth import Viewer
from exam_server.clock import Clock, to_ms
from exam_server.errors import BadRequest, Refusal, StorageUnavailable
from exam_server.herald import Herald
from exam_server.language import chosen, sentence

log = logging.getLogger(__name__)

Reply = Callable[[dict[str, Any]], None]
LARGEST_FRAME = 64 * 1024
PACKETS = tuple(str(kind) for kind in (packet.CONNECT, packet.DISCONNECT, packet.EVENT, packet.ACK))
MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
COMMIT_TIME = timedelta(seconds=1)
"""A change is stamped before it commits; who connected in between may have been let in on older facts."""


@dataclass
class Person:
    """One connected socket: its viewer as of connect, its language, and what a feature remembers of it."""

    sid: str
    viewer: Viewer
    language: str
    device: str
    connected_at: datetime
    seat: Any = None
    rooms: set[str] = field(default_factory=set)


Handler = Callable[[Person, dict[str, Any]], dict[str, Any]]
DeferredHandler = Callable[[Person, dict[str, Any], Reply], None]


class TextPacket(packet.Packet):  # type: ignore[misc]
    """Nothing of ours is binary: said here once, or every value of every frame is looked through."""

    uses_binary_events = False


class Live:
    """The sockets of this process."""

    def __init__(
        self, socketio: SocketIO, clock: Clock, load_viewer: Callable[..., Viewer | None], cookie: str
    ) -> None:
        self.server = socketio.server
        self.clock = clock
        self.people: dict[str, Person] = {}
        self.herald = Herald(self._tell)
        self._load_viewer, self._cookie = load_viewer, cookie
        self._deferred: dict[str, DeferredHandler] = {}
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        self._receive = self.server.eio.handlers["message"]
        self.server.eio.on("message", self._take)
        # Private to python-socketio (its version is pinned; a test holds the signature): the one place that
        # knows an event's ack id.
        self._undeferred = self.server._handle_event_internal
        self.server._handle_event_internal = self._handle_event

    def on(self, event: str, handler: Handler) -> None:
        """`handler(person, data)` returns the ack."""

        def answer(sid: str, data: object = None, *_: object) -> dict[str, Any]:
            answers: list[dict[str, Any]] = []
            self._run(sid, data, lambda person, read, reply: reply(handler(person, read)), answers.append)
            return answers[0] if answers else {}

        self.server.on(event, answer)

    def on_deferred(self, event: str, handler: DeferredHandler) -> None:
        """`handler(person, data, reply)` returns at once; whoever calls `reply` later sends the ack."""
        self._deferred[event] = handler

    def emit(self, event: str, data: Any, room: str) -> None:
        """Tell everybody in `room` soon, in the order of the calls; returns at once."""
        self.herald.put(event, data, room)

    def _tell(self, event: str, data: Any, room: str) -> None:
        self.server.emit(event, data, room=room)

    def enter(self, person: Person, room: str) -> None:
        person.rooms.add(room)
        self.server.enter_room(person.sid, room)

    def leave(self, person: Person, room: str) -> None:
        """The opposite; harmless for a socket that is gone."""
        person.rooms.discard(room)
        self.server.leave_room(person.sid, room)

    def drop_changed(self, changed_at: Mapping[int, datetime]) -> None:
        """Who was signed out, disabled or given another role (by session id) loses sockets opened before."""
        for person in list(self.people.values()):
            changed = changed_at.get(person.viewer.session_id)
            if changed and person.connected_at < changed + COMMIT_TIME:
                self._hang_up(person.sid)

    def _hang_up(self, sid: str) -> None:
        """Socket.IO's own disconnect is a request to the client; this closes the line itself."""
        line = self.server.manager.eio_sid_from_sid(sid, "/")
        self.server.disconnect(sid)
        if line:
            self.server.eio.disconnect(line)

    def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> bool:
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        token = cookies.get(self._cookie)
        now = self.clock.now()
        viewer = self._load_viewer(token, now) if token else None
        if viewer is None:
            return False
        device = str(environ.get("HTTP_USER_AGENT", "")).replace("\0", "")
        self.people[sid] = Person(sid, viewer, chosen(cookies.get("language")), device, now)
        return True

    def _disconnect(self, sid: str, reason: object = None) -> None:
        self.people.pop(sid, None)

    def _take(self, line: str, data: object) -> None:
        """One message; who does not speak the protocol is hung up on: nothing piles up in memory or log."""
        try:
            # Nothing of ours is binary, and a packet that promises attachments would gather them without end.
            if not isinstance(data, str) or data[:1] not in PACKETS:
                raise ValueError("not a packet of this protocol")
            self._receive(line, data)
        except MALFORMED as problem:
            log.info("a line was closed for a message that cannot be read: %s", type(problem).__name__)
            self.server.eio.disconnect(line)
        except Exception:
            log.exception("a message could not be taken; its line is closed")
            self.server.eio.disconnect(line)

    def _handle_event(
        self, server: Any, sid: str, eio_sid: str, data: list[Any], namespace: str, ack_id: int | None
    ) -> None:
        # A browser may name its event as it likes; "disconnect" would hide its socket from `drop_changed`.
        if not isinstance(data[0], str) or data[0] in self.server.reserved_events:
            return
        handler = self._deferred.get(data[0])
        if handler is None:
            self._undeferred(server, sid, eio_sid, data, namespace, ack_id)
            return

        def reply(answer: dict[str, Any]) -> None:
            if ack_id is not None:  # our answers hold no bytes: say so, or every value is looked through
                ack = server.packet_class(
                    packet.ACK, namespace=namespace, id=ack_id, data=[answer], binary=False
                )
                server._send_packet(eio_sid, ack)

        self._run(sid, data[1] if len(data) > 1 else None, handler, reply)

    def _run(self, sid: str, data: object, handler: DeferredHandler, reply: Reply) -> None:
        person = self.people.get(sid)
        if person is None:
            return
        try:
            if not isinstance(data, dict):
                raise BadRequest
            handler(person, data, reply)
        except Refusal as refusal:
            reply(self.refused(refusal, person.language))
        except Exception:
            log.exception("a socket event failed")
            reply(self.refused(StorageUnavailable(), person.language))

    def refused(self, refusal: Refusal, language: str) -> dict[str, Any]:
        """The ack of a refusal: code for the program, sentence for the person."""
        return {
            "ok": False,
            "code": refusal.code,
            "sentence": sentence(refusal, language),
            "now": self.now_ms(),
        }

    def now_ms(self) -> int:
        return to_ms(self.clock.now())
