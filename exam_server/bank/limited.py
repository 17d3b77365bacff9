"""A bank file from outside is read in a limited child only: whatever it holds, this process stays as it was.

Slow work: a view calls it through `run_blocking`, so that it holds up nobody else.
"""

from __future__ import annotations

import logging
import os
import posix
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from exam_server.bank.child import LONGEST_ANSWER
from exam_server.errors import N_, Refusal
from question_bank.formats import Loaded, Unreadable
from question_bank.formats.loaded import FILE
from question_bank.formats.zips import MAX_ZIP_BYTES
from question_bank.parcel import unpacked
from question_bank.problems import Problem

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("child.py")
AT_ONCE = max(1, (os.cpu_count() or 1) - 1)
PATIENCE = 60.0
"""Seconds of wall time for one file, more than it may compute: children give way to everything else."""

QUEUE_PATIENCE = 60.0
"""Seconds that a file waits for its turn."""

_MEGABYTE = 1024 * 1024
_turns = threading.BoundedSemaphore(AT_ONCE)


class FileTooHeavy(Refusal):
    """Reading the file took more memory or time than a file of items ever needs."""

    code = "bank_file_too_heavy"
    status = 422
    sentence = N_("Berkas terlalu berat untuk dibaca. Kecilkan gambarnya atau bagi soal ke beberapa berkas.")


class ReaderBusy(Refusal):
    """So many files are being read that this one found no turn; it may be sound."""

    code = "bank_reader_busy"
    status = 503
    sentence = N_("Server sedang membaca berkas lain. Coba lagi sebentar lagi.")


def load(name: str, source: Path | bytes, format: str | None = None) -> Loaded:
    """What the file holds, as `question_bank.formats.load` tells it.

    Raises Unreadable, FileTooHeavy, ReaderBusy, OSError.
    """
    _take_turn()
    try:
        with _opened(source) as file:
            if os.fstat(file.fileno()).st_size > MAX_ZIP_BYTES:
                raise Unreadable(Problem(FILE, "file_too_large", {"limit": MAX_ZIP_BYTES // _MEGABYTE}))
            return _ask(Path(name).name, file, format)
    finally:
        _turns.release()


def _take_turn() -> None:
    # asked again and again: the async servers' locks do not wake a waiter in another real thread
    until = time.monotonic() + QUEUE_PATIENCE
    while not _turns.acquire(blocking=False):
        if time.monotonic() > until:
            raise ReaderBusy
        time.sleep(0.02)


def _opened(source: Path | bytes) -> IO[bytes]:
    if isinstance(source, Path):
        return source.open("rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115, closed by whom it is given to
    file.write(source)
    file.seek(0)
    return file


def _ask(name: str, file: IO[bytes], format: str | None) -> Loaded:
    words = [name.replace("\x00", "") or "?", *([format] if format else [])]
    with tempfile.TemporaryFile() as answer, Path(os.devnull).open("wb") as nowhere:
        # not `subprocess` nor `os`: gevent's work in the main thread only, and this never runs there.
        # An empty environment: the child has no use for the secrets of the server.
        child = posix.posix_spawn(
            sys.executable, [sys.executable, "-I", str(CHILD), *words], {"LC_ALL": "C.UTF-8"},
            file_actions=[(posix.POSIX_SPAWN_DUP2, one.fileno(), number)
                          for number, one in enumerate((file, answer, nowhere))],
        )  # fmt: skip
        status, late = _end_of(child)
        if status in (0, None):
            return _understood(answer)
        if status is not None and status > 0 and not late:
            log.error("a bank file could not be read: the reader ended with %s", status)
        raise ReaderBusy if late else FileTooHeavy


def _end_of(child: int) -> tuple[int | None, bool]:
    """How the child ended (None when another part of the server heard of it first), and whether too late."""
    until, late, pause = time.monotonic() + PATIENCE, False, 0.002
    try:
        while True:
            done, status = posix.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status), late
            if time.monotonic() > until and not late:
                late = True
                os.kill(child, signal.SIGKILL)
            time.sleep(pause)
            pause = min(pause * 1.5, 0.05)
    except ChildProcessError:
        return None, late
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise


def _understood(answer: IO[bytes]) -> Loaded:
    if os.fstat(answer.fileno()).st_size >= LONGEST_ANSWER:
        raise FileTooHeavy
    answer.seek(0)
    try:
        return unpacked(answer.read())
    except ValueError as problem:
        raise FileTooHeavy from problem
