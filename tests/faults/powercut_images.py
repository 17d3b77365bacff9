"""What a disk may hold after the power was cut at one moment of a tape: the crash image.

What was synced is there. Of the rest nothing, everything, or any part is: a name by itself, a write in
sectors of 512 bytes.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Literal

from tests.faults.powercut_tape import ROOT, Cut, Dropped, Event, Made, Promised, Synced, Tape, Wrote

Variant = Literal["lost", "kept", "torn"]
VARIANTS: tuple[Variant, ...] = ("lost", "kept", "torn", "torn")
SECTOR = 512


class Image:
    """The disk of `tape` with the power cut before the event number `cut`."""

    def __init__(self, tape: Tape, cut: int, variant: Variant, dice: random.Random) -> None:
        self._kinds, self._variant, self._dice = tape.kinds, variant, dice
        self._names = dict(tape.began)
        self._contents = {node: bytearray(data) for node, data in tape.first.items()}
        synced = {event.node: place for place, event in enumerate(tape.events[:cut])
                  if isinstance(event, Synced)}  # fmt: skip
        for place, event in enumerate(tape.events[:cut]):
            if not isinstance(event, Promised | Synced):
                self._apply(event, durable=place < synced.get(_touches(event), -1))

    def write(self, folder: Path) -> None:
        """The image as files in `folder`, which is new."""
        self._write(ROOT, folder)

    def _write(self, node: int, folder: Path) -> None:
        folder.mkdir()
        for (parent, name), child in self._names.items():
            if parent != node:
                continue
            if self._kinds[child]:
                self._write(child, folder / name)
            else:
                (folder / name).write_bytes(self._contents.get(child, b""))

    def _apply(self, event: Event, durable: bool) -> None:
        whole = durable or self._variant == "kept"
        if isinstance(event, Wrote) and not whole:
            self._tear(event)
        elif whole or self._by_chance():
            self._do(event)

    def _by_chance(self) -> bool:
        return self._variant == "torn" and self._dice.random() < 0.5

    def _tear(self, event: Wrote) -> None:
        at = 0
        while at < len(event.data):
            length = SECTOR - (event.offset + at) % SECTOR
            if self._by_chance():
                self._do(Wrote(event.node, event.offset + at, event.data[at : at + length]))
            at += length

    def _do(self, event: Event) -> None:
        if isinstance(event, Made):
            self._names[event.folder, event.name] = event.node
        elif isinstance(event, Dropped):
            self._names.pop((event.folder, event.name), None)
        elif isinstance(event, Cut):
            content = self._contents.setdefault(event.node, bytearray())
            content[:] = content[: event.length].ljust(event.length, b"\0")
        elif isinstance(event, Wrote):
            content = self._contents.setdefault(event.node, bytearray())
            content.extend(bytes(max(0, event.offset - len(content))))
            content[event.offset : event.offset + len(event.data)] = event.data


def _touches(event: Event) -> int:
    """Whose sync makes it durable."""
    if isinstance(event, Made | Dropped):
        return event.folder
    if isinstance(event, Wrote | Cut):
        return event.node
    raise TypeError(event)
