"""Watching a board: in `watch`, out `rows`; the page joins first and then fetches its snapshot."""

from __future__ import annotations

from typing import Any

from exam_server.board import service
from exam_server.board.audience import Audience
from exam_server.db import Database
from exam_server.errors import Forbidden, NotFound
from exam_server.live import Live, Person


class BoardSockets:
    def __init__(self, live: Live, db: Database, audience: Audience) -> None:
        self._live, self._db, self._audience = live, db, audience
        live.on("watch", self.watch)

    def watch(self, person: Person, data: dict[str, Any]) -> dict[str, Any]:
        """From now on this socket hears what may be seen of that board; raises NotFound, Forbidden.

        Each time it is asked anew what that is. `queue` is false while other workers cannot be heard here.
        """
        board = str(data.get("board", ""))
        if not (board.isascii() and board.isprintable()):  # what no database could look for
            raise NotFound
        try:
            frames = self._audience.enter(person, service.sight(self._db, person.viewer, board))
        except Forbidden:
            self._audience.leave(person, board)
            raise
        heard = self._audience.neighbours.heard
        return {"ok": True, "now": self._live.now_ms(), "queue": heard, "frames": frames}
