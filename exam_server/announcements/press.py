"""Files of announcements, each made once: public addresses must not make the same file again and again.

What an announcement says never changes, so its files need not either. Those of short ones are made in a
moment and kept in memory; those of long ones also lie in the data folder, named by their hash, for every
worker and after every start. That folder may be emptied at any time.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from exam_server import apart
from exam_server.announcements import downloads
from exam_server.announcements.reading import Shelf, Version
from exam_server.db import Database

FOLDER = "announced"
KEPT = 12
"""Files that a process keeps in memory."""

RunBlocking = Callable[..., Any]
Key = tuple[str, str, str]


class Press:
    """The files of one process, which are found again in `data_dir`."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._locks: dict[Key, threading.Lock] = {}

    def file(
        self, db: Database, data_dir: Path, version: Version, kind: str, address: str,
        run_blocking: RunBlocking,
    ) -> bytes:  # fmt: skip
        """The bytes of one kind (pdf, csv, xlsx, json); raises ReckoningFailed."""
        if kind == "json":
            return self._shelf.read(db, version.public_id).text.encode()
        key, place = (version.sha256, kind, address), _place(data_dir, version.sha256, kind, address)
        with self._locks.setdefault(key, threading.Lock()):  # who comes meanwhile waits for it
            found = self._kept.pop(key, None) or _lying(place)
            if found is None:
                found, long = self._make(db, version, kind, address, run_blocking)
                if long:
                    _lay(place, found)
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _make(
        self, db: Database, version: Version, kind: str, address: str, run_blocking: RunBlocking
    ) -> tuple[bytes, bool]:
        """The file, and whether it was long to make."""
        read = self._shelf.read(db, version.public_id)
        if len(read.content["rows"]) <= downloads.MANY:
            return run_blocking(downloads.make, read, kind, address), False
        url = db.engine.url.render_as_string(hide_password=False)
        asked = {"public_id": version.public_id, "kind": kind, "address": address}
        return base64.b64decode(run_blocking(apart.reckon, url, downloads.reckon, asked)), True


def _place(data_dir: Path, sha256: str, kind: str, address: str) -> Path:
    """Named by what the file is made of; `address` is printed on it."""
    name = hashlib.sha256(f"{sha256}\n{address}".encode()).hexdigest()
    return data_dir / FOLDER / f"{name}.{kind}"


def _lying(place: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return place.read_bytes()
    return None


def _lay(place: Path, made: bytes) -> None:
    """As a whole or not at all; a full disk costs only that it is made again."""
    part = place.with_name(f"{uuid.uuid4().hex}.part")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
