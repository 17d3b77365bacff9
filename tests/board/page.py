"""What a board's page knows, rule for rule as static/board/truth.js and rows.js have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = list[Any]
Frame = Mapping[str, Any]


class Page:
    """Rows by id (id and revision come first in a row), and whether anything is known to be missing."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[int, Row]] = {}
        self.numbers: dict[str, int] = {}
        self.whole = False

    def join(self, frames: Mapping[str, int]) -> None:
        """Joined, or joined again: every frame after these numbers is to be heard."""
        self.numbers, self.whole = dict(frames), False

    def hear(self, frame: Frame) -> None:
        """One frame; a gap before it makes the board ask for a snapshot."""
        known = self.numbers.get(frame["worker"], 0)
        if frame["n"] > known + 1:
            self.whole = False
        self.numbers[frame["worker"]] = max(known, frame["n"])
        self._merge(frame["rows"], frame["now"])

    def ask(self) -> None:
        """A snapshot is asked for: nothing is missing but what goes missing while it is on its way."""
        self.whole = True

    def take(self, now: int, rows: list[Row], frames: Mapping[str, int]) -> None:
        """The snapshot that was asked for."""
        self._merge(rows, now)
        named = {row[0] for row in rows}
        self.rows = {key: kept for key, kept in self.rows.items() if key in named or kept[0] >= now}
        self.numbers |= {one: max(n, self.numbers.get(one, 0)) for one, n in frames.items()}

    def _merge(self, rows: Iterable[Row], now: int) -> None:
        for row in rows:
            shown = self.rows.get(row[0])
            if shown is None or (row[1], now) >= (shown[1][1], shown[0]):
                self.rows[row[0]] = (now, row)

    @property
    def shown(self) -> dict[str, Row]:
        return {key: row for key, (_, row) in self.rows.items()}
