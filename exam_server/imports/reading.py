"""From the bytes that somebody uploaded to a report: questions in a limited child, pictures one by one.

Slow work goes through `run_blocking`, a piece at a time, so that other slow work has its turn in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from exam_server.bank import limited
from exam_server.bank.usable import weigh
from exam_server.imports.refusals import FileUnreadable
from exam_server.imports.report import Report
from question_bank.formats import Loaded, Unreadable
from question_bank.problems import Problem

RunBlocking = Callable[..., Any]


def read(
    name: str, data: bytes, beside: Mapping[str, bytes], run_blocking: RunBlocking,
    tell: Callable[[Problem], str],
) -> Report:  # fmt: skip
    """What the file holds, its pictures inside it or `beside` it; `tell` puts a problem into words.

    Raises FileUnreadable, and what `limited.load` does.
    """
    try:
        loaded: Loaded = run_blocking(limited.load, name, data)
    except Unreadable as problem:
        raise FileUnreadable(filename=name, why=tell(problem.problem)) from problem
    usable = weigh(loaded, beside, run_blocking)
    return Report(usable.loaded, usable.pictures, usable.faults)
