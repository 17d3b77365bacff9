"""The heartbeat on disk: how wall and boot time stood to each other when this server last lived.

Removing the file tells the next start to trust the wall clock again.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
from pathlib import Path

from exam_server.clock import WALL, Clock, Heartbeat, Seconds
from exam_server.rounds import Rounds

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two heartbeats."""

NAME = "clock.json"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def read(folder: Path) -> Heartbeat | None:
    """The last heartbeat; None when there is none, or none that can be read."""
    try:
        return Heartbeat(**json.loads((folder / NAME).read_text()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        log.exception("the heartbeat %s cannot be read; the wall clock is trusted", NAME)
        return None


def forget(folder: Path) -> None:
    """The next start trusts the wall clock."""
    (folder / NAME).unlink(missing_ok=True)


def remembered_clock(folder: Path, reference: Seconds = WALL) -> Clock:
    """A clock that goes on from the last heartbeat in `folder`, and says so when the reference disagrees."""
    boot_id = BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""
    clock = Clock(reference, boot_id=boot_id, last=read(folder))
    clock.step()
    if clock.alarmed:
        log.error(
            "the clock we go by moved by %s since the last heartbeat: the former time is kept and closing is "
            "held. Set the clock right, or remove %s and start again.", clock.last_step, NAME,
        )  # fmt: skip
    return clock


class Heart(Rounds):
    """Writes the heartbeat of one worker."""

    def __init__(self, clock: Clock, folder: Path) -> None:
        super().__init__("heart", EVERY, self.beat)
        self._clock, self._folder = clock, folder

    def beat(self) -> None:
        """The file is whole at every moment, after a power cut too: it is written beside and put in place."""
        beside = self._folder / f".{NAME}.{os.getpid()}"
        with beside.open("w") as file:
            json.dump(dataclasses.asdict(self._clock.heartbeat()), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._folder / NAME)
