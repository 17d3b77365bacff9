"""What one virtual candidate sent and was told: the evidence against which a database is held afterwards.

A time-out is no failure: what was sent and not answered is unknown, and may or may not be in the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Entry(NamedTuple):
    """One answer: the option chosen at a position, under a seq that counts upwards per position."""

    position: int
    seq: int
    option: int | None
    flagged: bool = False


class Row(NamedTuple):
    """What a database holds at one position."""

    position: int
    seq: int
    option: int | None


@dataclass
class Journal:
    """Everything in order; latencies in seconds from sending to the answer."""

    sent: dict[tuple[int, int], Entry] = field(default_factory=dict)
    acked: dict[int, Entry] = field(default_factory=dict)
    acks: int = 0
    unknown: int = 0
    refused: list[tuple[Entry, str]] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    reconnects: int = 0

    def note_sent(self, entries: Iterable[Entry]) -> None:
        self.sent.update({(entry.position, entry.seq): entry for entry in entries})

    def note_durable(self, position: int, seq: int) -> None:
        """The server said that `seq` (one of ours, or an older page's) is on disk at `position`."""
        entry = self.sent.get((position, seq))
        known = self.acked.get(position)
        if entry is not None and (known is None or seq > known.seq):
            self.acked[position] = entry

    @property
    def newest(self) -> dict[int, Entry]:
        """The last answer of each position that ever left this page."""
        return {position: entry for (position, _), entry in sorted(self.sent.items())}

    def lost(self, rows: Iterable[Row], told: Mapping[int, Entry] | None = None) -> list[str]:
        """Every disagreement with what is stored: an acknowledged answer gone, or a value never sent.

        `told`: what was acknowledged when the rows were read, for who looks while answers come in.
        """
        stored = {row.position: row for row in rows}
        return [
            f"position {entry.position}: seq {entry.seq} option {entry.option} was acknowledged, "
            f"stored is {stored.get(entry.position)}"
            for entry in (self.acked if told is None else told).values()
            if not _holds(stored.get(entry.position), entry)
        ] + [f"{row} was never sent" for row in stored.values() if not self._was_sent(row)]

    def _was_sent(self, row: Row) -> bool:
        entry = self.sent.get((row.position, row.seq))
        return entry is not None and entry.option == row.option


def _holds(row: Row | None, entry: Entry) -> bool:
    return row is not None and (row.seq > entry.seq or (row.seq, row.option) == (entry.seq, entry.option))
