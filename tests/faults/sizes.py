"""How much of each fault a run plays: a slice beside the other tests, the whole of it under `make faults`."""

from __future__ import annotations

import os
from typing import TypeVar

Size = TypeVar("Size")


def full() -> bool:
    """Whether this run plays every fault in its full numbers (EXAM_FAULTS=full)."""
    return os.environ.get("EXAM_FAULTS") == "full"


def size(short: Size, whole: Size) -> Size:
    """`whole` under `make faults`, `short` everywhere else."""
    return whole if full() else short
