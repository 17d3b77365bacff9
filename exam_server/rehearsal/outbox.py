"""The outbox of one page: an answer waits here, under its own seq, until the server says it is on disk."""

from __future__ import annotations

from typing import Any

from exam_server.rehearsal.journal import Entry, Journal

DURABLE = ("saved", "stale")


class Outbox:
    """The newest answer of each position that is not durable yet; seqs only grow."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: dict[int, Entry] = {}
        self._seqs: dict[int, int] = {}

    @property
    def entries(self) -> list[Entry]:
        return list(self._waiting.values())

    def put(self, position: int, option: int | None, flagged: bool = False) -> Entry:
        """The answer under the next seq of its position; an older one that still waits gives way to it."""
        self._seqs[position] = self._seqs.get(position, 0) + 1
        entry = Entry(position, self._seqs[position], option, flagged)
        self._waiting[position] = entry
        return entry

    def take_fates(self, entries: list[Entry], fates: list[dict[str, Any]]) -> None:
        """What the answer to a save says of each entry; only what is durable leaves."""
        sent = {(entry.position, entry.seq): entry for entry in entries}
        for fate in fates:
            entry = sent.get((fate["position"], fate["seq"]))
            if fate["state"] in DURABLE and fate["durable"] >= fate["seq"]:
                self._journal.acks += 1
                self.settle(fate["position"], fate["durable"])
            elif entry is not None:
                self._journal.refused.append((entry, fate["state"]))

    def settle(self, position: int, durable: int) -> None:
        """What is on disk up to the seq `durable` needs no further sending."""
        self._journal.note_durable(position, durable)
        self._seqs[position] = max(self._seqs.get(position, 0), durable)
        waiting = self._waiting.get(position)
        if waiting is not None and waiting.seq <= durable:
            del self._waiting[position]
