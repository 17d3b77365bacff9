"""A stranger's file is opened in a limited child only, and so few at once that a core stays free."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exam_server.documents.refusals import BY_CODE, Damaged, ExaminationFailed, ExaminerBusy, TooHeavy
from exam_server.documents.rules import MOST_PAGES, MOST_PIXELS

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("child.py")
AT_ONCE = max(1, (os.cpu_count() or 1) - 1)
PATIENCE = 60.0
"""Seconds of wall time for one file, four times what it may compute: children give way to everything else."""

QUEUE_PATIENCE = 60.0
"""Seconds that an upload waits for its turn."""

_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Examined:
    """A file found harmless; its pages and thumbnail lie in the folder. Sizes in pixels, of page 1."""

    media_type: str
    pages: int
    width: int
    height: int


def examine(path: Path, out_folder: Path) -> Examined:
    """What the file is, with `page-1.jpg`... and `thumb.jpg` written; raises a FileRefused, ExaminerBusy,
    ExaminationFailed.
    """
    if not _turns.acquire(timeout=QUEUE_PATIENCE):
        raise ExaminerBusy
    try:
        said = _ask(path, out_folder)
    finally:
        _turns.release()
    if "problem" in said:
        raise BY_CODE.get(said["problem"], Damaged)(pages=MOST_PAGES, pixels=MOST_PIXELS // 1_000_000)
    return Examined(**said)


def _ask(path: Path, out_folder: Path) -> dict[str, Any]:
    """The child's answer; being ended by a limit is one too."""
    late = threading.Event()
    # an empty environment: the child has no use for the secrets of the server
    child = subprocess.Popen(
        [sys.executable, "-I", str(CHILD), str(path), str(out_folder)], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LC_ALL": "C.UTF-8"}, cwd="/",
    )  # fmt: skip

    # not communicate(timeout=...): under eventlet its TimeoutExpired is another class than subprocess's
    def give_up() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(PATIENCE, give_up)
    timer.start()
    try:
        said, complained = child.communicate()
    finally:
        timer.cancel()
        child.kill()
        child.wait()
    if late.is_set():
        raise ExaminerBusy  # it was not its turn for long: the server is busy, not the file bad
    return _understood(child.returncode, said, complained)


def _understood(status: int, said: bytes, complained: bytes) -> dict[str, Any]:
    if status < 0:
        raise TooHeavy
    if status > 0:
        log.error("a file could not be examined: %s", _last_line(complained))
        raise ExaminationFailed
    answer: dict[str, Any] = json.loads(said)
    return answer


def _last_line(said: bytes) -> str:
    """Which error it was, without its text, in which a stranger's words may stand."""
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].partition(":")[0] if lines else "nothing said"
