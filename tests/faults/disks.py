"""A small disk that a test fills and empties: a mounted one, or where that is forbidden a limit on files."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MEGABYTES = 32
FILLER = "filler"
PAGE = 4096
CHUNK = bytes(16 * PAGE)


@dataclass(frozen=True)
class Disk:
    """The folder on it, and how a running server (its process id) finds it full and finds room again.

    `airtight`: not even a change that is smaller than an answer fits into what files hold already.
    """

    folder: Path
    fill: Callable[[int], None]
    empty: Callable[[int], None]
    airtight: bool


@contextlib.contextmanager
def mounted(folder: Path) -> Iterator[Disk | None]:
    """A disk of MEGABYTES in memory; nothing where this user may not mount one."""
    folder.mkdir()
    options = f"size={MEGABYTES}m,mode=0700"
    asked = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "exam-disk", str(folder)], capture_output=True, check=False
    )
    if asked.returncode:
        yield None
        return
    try:
        yield Disk(folder, lambda pid: fill(folder), lambda pid: (folder / FILLER).unlink(), False)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Not a byte is left."""
    file = os.open(folder / FILLER, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for chunk in (CHUNK, CHUNK[:PAGE]):
            with contextlib.suppress(OSError):
                while True:
                    os.write(file, chunk)
    finally:
        os.close(file)


def limited(folder: Path) -> Disk:
    """No file of the server may be written beyond its first page: the next write of anything fails."""
    folder.mkdir()

    def allow(pid: int, longest: int = resource.RLIM_INFINITY) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))

    return Disk(folder, lambda pid: allow(pid, PAGE), allow, True)
