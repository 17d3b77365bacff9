"""The limited process that reads a stranger's bank file: it may die of it, and nobody else does.

Run by its path with the name of the file; the file is its standard input, what it read goes to its standard
output as `question_bank.parcel` packs it.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
import warnings
from pathlib import Path

MEMORY = 640_000_000
"""Bytes of address space; 20,000 items with their pictures need about half of it."""

LONGEST_ANSWER = 120_000_000
CPU_SECONDS = 30
WALL_SECONDS = 90
"""The end of a process whose parent has died; the parent itself waits less."""


def limit() -> None:
    """From here on this process takes little memory and time, writes only its answer, and gives way."""
    logging.disable()  # what readers say quotes the file
    warnings.simplefilter("ignore")
    os.umask(0o077)
    os.chdir("/")
    os.nice(5)
    signal.alarm(WALL_SECONDS)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LONGEST_ANSWER),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(name: str, format: str | None) -> None:
    """Read the file and say what it holds."""
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    limit()
    from question_bank.formats import Unreadable, load
    from question_bank.parcel import packed

    try:
        said = packed(load(name, sys.stdin.buffer.read(), format))
    except Unreadable as refused:
        said = packed(refused)
    sys.stdout.buffer.write(said)
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
