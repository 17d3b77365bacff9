"""One process per SQLite database: a second server, or a writing command beside it, is refused."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process holds this folder, or the port; its text says what to do."""


class InstanceLock:
    """Held as long as this object (or its process) lives; the kernel frees it, also after kill -9."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "instance.lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            self._file.close()
            raise AlreadyRunning(
                f"Another process already uses {folder.name}/ (SQLite has one writer): stop it first, "
                "or set DATABASE_URL to PostgreSQL."
            ) from problem
        self._file.seek(0)
        self._file.truncate()
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()
