"""Watching a board: in `watch`, out `rows`; the page joins first and then fetches its snapshot."""

from __future__ import annotations

from typing import Any

from exam_server.board import service
from exam_server.board.publisher import room
from exam_server.board.views import WATCHERS
from exam_server.db import Database
from exam_server.errors import Forbidden, NotFound
from exam_server.live import Live, Person


class BoardSockets:
    def __init__(self, live: Live, db: Database) -> None:
        self._live, self._db = live, db
        live.on("watch", self.watch)

    def watch(self, person: Person, data: dict[str, Any]) -> dict[str, Any]:
        """From now on this socket hears the rows of that board; raises NotFound, Forbidden."""
        board = str(data.get("board", ""))
        if not (board.isascii() and board.isprintable()):  # what no database could look for
            raise NotFound
        card = service.board(self._db, board)
        if not person.viewer.may(card.office_id, *WATCHERS):
            raise Forbidden
        self._live.enter(person, room(card.id))
        return {"ok": True, "now": self._live.now_ms()}
