"""A board without a network: the real publisher and audience, and an ear where the sockets would be."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from exam_server.auth import Viewer
from exam_server.board import rows, service
from exam_server.board.audience import Audience
from exam_server.board.publisher import Publisher
from exam_server.clock import Clock, to_ms
from exam_server.db import Database
from exam_server.live import Person
from exam_server.neighbours import Alone
from tests.factories import START, Run, Scene, add_official

sids = itertools.count(1)


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def named(row: list[Any]) -> dict[str, Any]:
    """A row with the names of its columns."""
    return dict(zip(rows.COLUMNS, row, strict=True))


def snapshot(db: Database, activity_id: int, now: datetime, **limits: Any) -> list[list[Any]]:
    return [row for part in rows.snapshot(db, activity_id, now, **limits) for row in part]


def row_of(db: Database, scene: Scene, run: Run, now: datetime) -> dict[str, Any]:
    """What the board shows of one attempt."""
    found = [row for row in snapshot(db, scene.selection.id, now) if row[0] == run.public_id]
    assert len(found) == 1
    return named(found[0])


@dataclass
class Ear:
    """Stands where the sockets stand: who is in which room, and every frame with its room."""

    people: dict[str, Person] = field(default_factory=dict)
    frames: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def enter(self, person: Person, room: str) -> None:
        person.rooms.add(room)

    def leave(self, person: Person, room: str) -> None:
        person.rooms.discard(room)

    def emit(self, event: str, frame: dict[str, Any], room: str) -> None:
        assert event == "rows"
        self.frames.append((room, frame))

    def told(self, person: Person) -> list[dict[str, Any]]:
        """Every frame of the rooms in which that person is now."""
        return [frame for room, frame in self.frames if room in person.rooms]


class Stand:
    """One worker's board."""

    def __init__(self, db: Database, clock: Clock, neighbours: Any = None) -> None:
        self.db, self.clock, self.ear = db, clock, Ear()
        live: Any = self.ear
        self.audience = Audience(live, db, neighbours or Alone())
        self.publisher = Publisher(db, clock, live, self.audience)

    def person(self, account_id: int, *roles: tuple[str, int | None]) -> Person:
        """Somebody at a socket."""
        sid = f"sid{next(sids)}"
        viewer = Viewer(account_id, 0, "Petugas", "petugas@surel.example", frozenset(roles))
        self.ear.people[sid] = Person(sid, viewer, "id", "", START)
        return self.ear.people[sid]

    def admin(self, scene: Scene) -> Person:
        official = add_official(self.db, "admin", scene.office)
        return self.person(official.id, ("admin", scene.office.id))

    def proctor(self, scene: Scene) -> Person:
        """Not assigned to anything yet."""
        official = add_official(self.db, "proctor", scene.office)
        return self.person(official.id, ("proctor", scene.office.id))

    def watch(self, person: Person, scene: Scene) -> dict[str, int]:
        """As the socket's event; raises Forbidden."""
        sight = service.sight(self.db, person.viewer, scene.selection.public_id)
        return self.audience.enter(person, sight)

    def tick(self) -> None:
        self.publisher.tick()

    @property
    def now(self) -> int:
        return to_ms(self.clock.now())
