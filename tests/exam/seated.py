"""Who takes part in the interleavings: two devices of one candidate, and an official."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from exam_server.db import Database
from exam_server.exam.rules import Item
from tests.factories import HOUR, MINUTE, START, Run, add_booked, add_official, add_scene, add_session

SECRET = "a-secret-of-this-installation"
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
LATEST = START + 10 * HOUR
POSITIONS = (1, 2)
OPTIONS = (None, 1, 2, 3, 4)
GRACE, BUFFER = 10 * SECOND, 5 * SECOND
TO_THE_END = (-TICK, 0 * TICK, GRACE - TICK, GRACE, GRACE + BUFFER - TICK, GRACE + BUFFER)


@dataclass(frozen=True)
class Cast:
    """Who takes part: a candidate signed in on two devices, and an official."""

    run: Run
    sessions: tuple[int, int]
    official_id: int


@dataclass
class Page:
    """A device as its candidate sees it: what was chosen and not yet told durable, and what was told so."""

    session: int
    lease: int = 0
    outbox: dict[int, Item] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    told_saved: list[Item] = field(default_factory=list)
    waiting: set[tuple[int, int, int]] = field(default_factory=set)
    """What of it stands in the queue under which lease; a page waits for the answer."""


def prepare(db: Database) -> Cast:
    """An attempt that was not begun."""
    scene = add_scene(db)
    run = add_booked(db, scene)
    second = add_session(db, run.candidate_id, START - MINUTE).session_id
    return Cast(run, (run.session_id, second), add_official(db, "admin", scene.office).id)
