"""What every measurement of a run shares: folder, lengths, arenas by database, and the servers it starts."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.arena import Arena
from bench.figures import Report
from bench.programs import Floor, exam_server
from tests.servers import ExamServer


@dataclass(frozen=True)
class Lengths:
    """How long and how much; ratios need at least five pairs to mean anything."""

    clients: int
    rounds: int
    seconds: float
    watchers: int = 20
    rows: int = 1000
    house: int = 10_000
    gift_items: int = 2000
    candidates: int = 20_000


FULL = Lengths(clients=500, rounds=5, seconds=2.0)
QUICK = Lengths(clients=100, rounds=2, seconds=0.5, watchers=5, rows=300, house=1_000, gift_items=200,
                candidates=1_200)  # fmt: skip


@dataclass
class Stage:
    """One run: `mode` is the async server of everything that is started now."""

    folder: Path
    lengths: Lengths
    report: Report
    arenas: Mapping[str, Arena]
    mode: str = "eventlet"
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def fresh_folder(self, name: str) -> Path:
        return self.folder / f"{name}_{self.mode}_{next(self._numbers)}"

    def floor(self, running: contextlib.ExitStack, name: str, **env: str) -> Floor:
        """A running program, ended when `running` is left; a name without dots is one of the floors."""
        module = name if "." in name else f"bench.floors.{name}"
        started = Floor(self.folder, self.mode, module, env)
        running.callback(started.close)
        return started

    def exam(
        self, running: contextlib.ExitStack, arena: Arena, env: Mapping[str, str] | None = None
    ) -> ExamServer:
        """The real server over a copy of `arena`, ended when `running` is left."""
        folder = self.fresh_folder("exam")
        own = arena.copied_to(folder)
        started = exam_server(folder, self.mode, own.url, env)
        running.callback(started.kill)
        return started
