"""Who hears which board: an official who watches an activity is in its room, or in those of single sittings.

What somebody may hear is asked again every few seconds, so that whoever lost an assignment hears no more
even if their page never asks.
"""

from __future__ import annotations

from exam_server.board import service
from exam_server.board.frames import Streams
from exam_server.board.service import Sight
from exam_server.db import Database
from exam_server.errors import Forbidden, NotFound
from exam_server.live import Live, Person
from exam_server.neighbours import Neighbours

BOARDS = "board:"


def whole_room(activity_id: int) -> str:
    """Where everything of an activity is told."""
    return f"{BOARDS}{activity_id}"


def sitting_room(activity_id: int, sitting_id: int) -> str:
    """Where one of its sittings is told."""
    return f"{BOARDS}{activity_id}:{sitting_id}"


def rooms_of(sight: Sight) -> set[str]:
    """The rooms that together tell what may be seen, each row once."""
    if sight.whole:
        return {whole_room(sight.card.id)}
    return {sitting_room(sight.card.id, one.id) for one in sight.sittings}


class Audience:
    """The officials at the sockets of this worker, and what is told to all of them in numbered streams."""

    def __init__(self, live: Live, db: Database, neighbours: Neighbours) -> None:
        self._live, self._db, self.neighbours = live, db, neighbours
        self.streams = Streams()
        self._watching: dict[str, dict[str, set[str]]] = {}
        neighbours.tell(self._rooms)

    def enter(self, person: Person, sight: Sight) -> dict[str, int]:
        """This socket hears what may be seen, and only that; (stream -> number) of what was told before."""
        rooms = rooms_of(sight)
        self._settle(person, sight.card.public_id, rooms)
        for room in rooms:
            self.streams.open(room)
        return self.streams.told(rooms)

    def leave(self, person: Person, board: str) -> None:
        """This socket hears nothing of that board any more."""
        self._settle(person, board, set())

    def listen(self) -> None:
        """Tell those rooms, here or elsewhere, in which somebody listens now."""
        self.streams.listen({*self._rooms(), *self.neighbours.listening()})

    def check(self) -> None:
        """Whoever may not hear what they hear leaves."""
        for sid, boards in list(self._watching.items()):
            if person := self._live.people.get(sid):
                for board in list(boards):
                    self._check(person, board)

    def _check(self, person: Person, board: str) -> None:
        try:
            allowed = rooms_of(service.sight(self._db, person.viewer, board))
        except (Forbidden, NotFound):
            allowed = set()
        # What was gained is entered when the page asks: only then it fetches what was told before.
        self._settle(person, board, self._watching.get(person.sid, {}).get(board, set()) & allowed)

    def _settle(self, person: Person, board: str, rooms: set[str]) -> None:
        boards = self._watching.setdefault(person.sid, {})
        for room in boards.get(board, set()) - rooms:
            self._live.leave(person, room)
        for room in rooms:
            self._live.enter(person, room)
        boards[board] = rooms
        if not rooms:
            del boards[board]

    def _rooms(self) -> set[str]:
        self._watching = {sid: boards for sid, boards in self._watching.items() if sid in self._live.people}
        return {room for boards in self._watching.values() for rooms in boards.values() for room in rooms}
