"""How much of each fault a run plays: a slice beside the other tests, the whole of it under `make faults`."""

from __future__ import annotations

import os
from typing import TypeVar

Size = TypeVar("Size")


def full() -> bool:
    """Whether this run plays every fault in its full numbers (EXAM_FAULTS=full)."""
    return os.environ.get("EXAM_FAULTS") == "full"


def size(short: Size, whole: Size) -> Size:
    """`whole` under `make faults`, `short` everywhere else.

    Limits of time are sizes too: what must be there within ten seconds is measured by the full run, which has
    the machine to itself; a slice shares it with all other tests and only has to get there.
    """
    return whole if full() else short
