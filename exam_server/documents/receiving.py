"""The order of an upload: counted, on disk, examined, at its place for good, and only then a row."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from exam_server.db import Database
from exam_server.documents import files, intake, service
from exam_server.documents.signatures import PDF

RunBlocking = Callable[..., Any]
LOOK_BACK = timedelta(days=2)
"""How long ago a purge may have been whose folders were not removed, because the server died."""


def receive(
    db: Database, data_dir: Path, run_blocking: RunBlocking, account_id: int, kind: str, source: IO[bytes],
    now: datetime,
) -> service.Held:  # fmt: skip
    """The file is kept, with its receipt; slow work with the disk runs in `run_blocking`.

    Raises TooMany, StorageFull, NotSettled and everything that `intake.examine` does.
    """
    service.count_upload(db, account_id, now)
    files.check_room(data_dir)
    tidy(db, data_dir, now)
    arrived = run_blocking(files.take_in, data_dir, source)
    try:
        examined = intake.examine(arrived.original, arrived.folder)
        run_blocking(files.publish, data_dir, arrived, examined.media_type == PDF)
    finally:
        run_blocking(shutil.rmtree, arrived.folder, True)  # after publishing it has gone from there
    held = service.keep(
        db, account_id, kind, arrived.name, now, sha256=arrived.sha256, size=arrived.size,
        media_type=examined.media_type, pages=examined.pages,
    )  # fmt: skip
    files.settled(data_dir, arrived.name)
    return held


def tidy(db: Database, data_dir: Path, now: datetime) -> None:
    """No folder without a row stays for long: neither of an upload that broke off nor of a purged file."""
    left = files.left_behind(data_dir, now)
    for name in service.nameless(db, left, now - LOOK_BACK):
        files.remove(data_dir, name)
    for name in left:
        files.settled(data_dir, name)
