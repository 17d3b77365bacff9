"""The same act on many attempts, through the writer: handed over together, so that they share its commits."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from exam_server.exam.autosave import PATIENCE, Act, GroupCommit

AT_ONCE = 100
"""Acts handed over together: answers of others never wait behind more than these."""

Outcome = Any
"""What an act returned, or the exception it raised; UNKNOWN when nobody can say."""

UNKNOWN = object()


def perform(
    autosave: GroupCommit, acts: Mapping[int, functools.partial[None]], patience: float = PATIENCE
) -> dict[int, Outcome]:
    """What each act came to. When the writer does not answer in time the rest is not handed over at all."""
    outcomes: dict[int, Outcome] = dict.fromkeys(acts, UNKNOWN)
    ids = list(acts)
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        if not _together(autosave, [(one, acts[one]) for one in some], outcomes, patience):
            break
    return outcomes


def _together(
    autosave: GroupCommit, acts: Sequence[tuple[int, functools.partial[None]]],
    outcomes: dict[int, Outcome], patience: float,
) -> bool:  # fmt: skip
    left, ready = [len(acts)], threading.Event()  # told by the writer's one thread, so counting needs no lock

    def hear(attempt_id: int, outcome: Outcome) -> None:
        outcomes[attempt_id] = outcome
        left[0] -= 1
        if not left[0]:
            ready.set()

    for attempt_id, act in acts:
        autosave.put(Act(act, functools.partial(hear, attempt_id)))
    return ready.wait(patience)
