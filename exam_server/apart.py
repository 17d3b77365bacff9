"""Long reckoning happens in a process apart, which reads the database and gives way to everything else.

Saves of answers must never wait for statistics or a large file, and threads of one process share one turn
at computing. What is reckoned apart is a function that reads and writes nothing but its own answer.
"""

from __future__ import annotations

import json
import logging
import os
import posix
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from exam_server.apart_child import LINE
from exam_server.db import Database
from exam_server.errors import N_, Refusal

log = logging.getLogger(__name__)

Report = Callable[[int, int], None]
"""Told (done, total) while the work goes on."""
Act = Callable[[Database, dict[str, Any], Report], Any]
"""(database, arguments, report) to an answer; arguments and answer are JSON."""

CHILD = Path(__file__).with_name("apart_child.py")
PATIENCE = 120.0
"""Seconds of wall time for one reckoning."""

AT_ONCE = threading.BoundedSemaphore(1)


class ReckoningFailed(Refusal):
    """It took longer than it may, or its process died; nothing was changed by it."""

    code = "reckoning_failed"
    status = 503
    sentence = N_("Perhitungan tidak selesai. Tidak ada yang berubah. Coba lagi sebentar lagi.")


def silent(done: int, total: int) -> None:
    """Nobody asked how far it is."""


def reckon(database_url: str, act: Act, arguments: dict[str, Any], report: Report = silent) -> Any:
    """What `act`, a function of a module, answers in a process of its own. Raises ReckoningFailed.

    Slow: a view calls it through `run_blocking`. What the act refuses is a failure here: check beforehand.
    """
    _take_turn()
    try:
        return _ask(database_url, f"{act.__module__}:{act.__qualname__}", arguments, report)
    finally:
        AT_ONCE.release()


def _take_turn() -> None:
    # asked again and again: the async servers' locks do not wake a waiter in another real thread
    until = time.monotonic() + PATIENCE
    while not AT_ONCE.acquire(blocking=False):
        if time.monotonic() > until:
            raise ReckoningFailed
        time.sleep(0.02)


def _ask(database_url: str, name: str, arguments: dict[str, Any], report: Report) -> Any:
    said = json.dumps({"url": database_url, "act": name, "arguments": arguments}).encode()
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as told:
        asked.write(said)
        asked.seek(0)
        # not `subprocess` nor `os`: gevent's work in the main thread only, and this never runs there
        child = posix.posix_spawn(
            sys.executable, [sys.executable, "-I", str(CHILD), str(int(PATIENCE))], {"LC_ALL": "C.UTF-8"},
            file_actions=[(posix.POSIX_SPAWN_DUP2, asked.fileno(), 0),
                          (posix.POSIX_SPAWN_DUP2, told.fileno(), 1)],
        )  # fmt: skip
        status = _end_of(child, told, report)
        if status not in (0, None):
            log.error("%s ended with %s", name, status)
            raise ReckoningFailed
        return _last_line(told)


def _end_of(child: int, told: IO[bytes], report: Report) -> int | None:
    """How it ended; None when another part of the server heard of it first."""
    until, pause, seen = time.monotonic() + PATIENCE, 0.005, (0, 0)
    try:
        while True:
            done, status = posix.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > until:
                os.kill(child, signal.SIGKILL)
            if (progress := _progress(told)) != seen:
                seen = progress
                report(*progress)
            time.sleep(pause)
            pause = min(pause * 1.3, 0.1)
    except ChildProcessError:
        return None
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise


def _progress(told: IO[bytes]) -> tuple[int, int]:
    words = os.pread(told.fileno(), LINE, 0).split()
    return (int(words[0]), int(words[1])) if len(words) == 2 else (0, 0)


def _last_line(told: IO[bytes]) -> Any:
    told.seek(LINE)
    try:
        return json.loads(told.read())
    except ValueError as problem:
        raise ReckoningFailed from problem
