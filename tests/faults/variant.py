"""The real server with one protection taken away: what a negative control runs instead of `wsgi.py`.

Which one is named by the environment: EXAM_VARIANT=early_ack | never_sweeps.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import wsgi  # isort: skip - first: it patches for the async mode

from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.saves import Save, Stored
from exam_server.exam.sweeper import Sweeper

LINGER = 0.25
"""Seconds for which the early acknowledger keeps answers in memory, as a write-behind cache would."""


def early_ack() -> None:
    """Says saved when an answer arrives, and commits a little later."""
    put, commit, never = GroupCommit.put, GroupCommit._commit, threading.Event()

    def promise_then_put(self: GroupCommit, act: Act) -> None:
        if not isinstance(act.what, Save):
            put(self, act)
            return
        act.done(Stored({item.position: ("saved", item.seq) for item in act.what.items}))
        put(self, Act(act.what, lambda outcome: None))

    def commit_later(self: GroupCommit, batch: list[Act]) -> None:
        if any(isinstance(act.what, Save) for act in batch):
            never.wait(LINGER)
        commit(self, batch)

    GroupCommit.put, GroupCommit._commit = promise_then_put, commit_later  # type: ignore[method-assign]


def never_sweeps() -> None:
    def rest(self: Any) -> int:
        return 0

    Sweeper.sweep = rest  # type: ignore[method-assign]


if __name__ == "__main__":
    {"early_ack": early_ack, "never_sweeps": never_sweeps}[os.environ["EXAM_VARIANT"]]()
    sys.exit(wsgi.main())
