"""The limited process that looks into a stranger's file: it may die of it, and nobody else does.

Run by its path, with a file and an empty folder: it writes pages and a thumbnail into the folder and says one
JSON object, {"media_type", "pages", "width", "height"} or {"problem": code}.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import resource
import signal
import sys
import types
from pathlib import Path

MEMORY = 700_000_000
"""Bytes of address space; 25 million pixels need about half of it."""

LONGEST_FILE = 20_000_000
CPU_SECONDS = 15
WALL_SECONDS = 90
"""The end of a process whose parent has died; the parent itself waits less."""

HOUSE = "exam_server"
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""It is the disk that fails, not the file."""


def limit() -> None:
    """From here on this process takes little memory, time and disk, and gives way to all others."""
    logging.disable()  # what readers say quotes the file
    os.umask(0o077)
    os.nice(10)
    signal.alarm(WALL_SECONDS)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LONGEST_FILE),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def look(source: Path, folder: Path) -> dict[str, object]:
    """What the file is, with its pictures written; raises Problem, MemoryError."""
    from exam_server.documents import signatures

    data = source.read_bytes()
    media_type = signatures.recognise(data)
    if media_type == signatures.PDF:
        pages, width, height = _pdf(source, folder)
    else:
        from exam_server.documents.pictures import keep_picture

        signatures.refuse_hidden_code(data, media_type)
        pages, (width, height) = 1, keep_picture(source, folder)
    return {"media_type": media_type, "pages": pages, "width": width, "height": height}


def _pdf(source: Path, folder: Path) -> tuple[int, int, int]:
    from pypdf.errors import LimitReachedError

    from exam_server.documents.pdfs import keep_pages
    from exam_server.documents.signatures import Problem

    try:
        return keep_pages(source, folder)
    except (Problem, MemoryError, RecursionError):
        raise
    except LimitReachedError as problem:
        raise Problem("too_heavy") from problem
    except OSError as problem:
        if problem.errno in DISK:
            raise
        raise Problem("damaged") from problem
    except Exception as problem:  # readers raise whatever they stumble over
        raise Problem("damaged") from problem


def main(source: str, folder: str) -> None:
    """Say what the file is."""
    # the package's own __init__ would bring the whole server along: more to load and more to attack
    house = types.ModuleType(HOUSE)
    house.__path__ = [str(Path(__file__).resolve().parents[1])]
    sys.modules[HOUSE] = house
    from exam_server.documents.signatures import Problem

    limit()
    try:
        said = look(Path(source), Path(folder))
    except Problem as problem:
        said = {"problem": problem.code}
    except (MemoryError, RecursionError):
        said = {"problem": "too_heavy"}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
