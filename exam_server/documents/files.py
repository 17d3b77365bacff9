"""Files lie on disk for good before a row names them; under random names, outside the web root.

DATA_DIR/documents/incoming/<name>/  being examined
                  /pending/<name>    moved, but perhaps without its row yet
                  /<xx>/<name>/      page-1.jpg ..., thumb.jpg, and of a PDF the file as sent
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from exam_server.documents.refusals import EmptyFile, FileTooLarge, StorageFull
from exam_server.documents.rules import MOST_BYTES

LEAST_FREE_BYTES = 200_000_000
LEAST_FREE_SHARE = 0.05
LEFT_BEHIND_AFTER = timedelta(hours=1)
ORIGINAL = "original"
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Arrived:
    """A file as it was sent, on disk; hash and size (bytes) are of what was sent."""

    name: str
    folder: Path
    sha256: str
    size: int

    @property
    def original(self) -> Path:
        return self.folder / ORIGINAL


def check_room(data_dir: Path) -> None:
    """Go on only while the disk has room for the answers of an exam; raises StorageFull."""
    disk = shutil.disk_usage(data_dir)
    if disk.free < LEAST_FREE_BYTES or disk.free < disk.total * LEAST_FREE_SHARE:
        raise StorageFull


def take_in(data_dir: Path, source: IO[bytes]) -> Arrived:
    """What was sent, in a folder of its own; raises EmptyFile, FileTooLarge."""
    name = secrets.token_hex(16)
    folder = _folder(_root(data_dir), "incoming", name)
    try:
        digest, size = _copy(source, folder / ORIGINAL)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Arrived(name, folder, digest, size)


def _copy(source: IO[bytes], target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with open(target, "xb", opener=_private) as file:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise FileTooLarge(limit=MOST_BYTES // 1024**2)
            digest.update(chunk)
            file.write(chunk)
    if not size:
        raise EmptyFile
    return digest.hexdigest(), size


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def publish(data_dir: Path, arrived: Arrived, keep_original: bool) -> None:
    """The folder is at its place for good, whatever happens to the power; a row may name it now.

    A photo as it was sent tells where it was taken, so only its cleaned picture is kept.
    """
    if not keep_original:
        arrived.original.unlink()
    for path in [*arrived.folder.iterdir(), arrived.folder]:
        _on_disk(path)
    target, pending = place(data_dir, arrived.name), _folder(_root(data_dir), "pending")
    _folder(_root(data_dir), target.parent.name)
    (pending / arrived.name).touch(0o600)
    _on_disk(pending)
    arrived.folder.rename(target)
    for folder in (target.parent, arrived.folder.parent, _root(data_dir), data_dir):
        _on_disk(folder)


def settled(data_dir: Path, name: str) -> None:
    """The row that names this folder is committed."""
    (_root(data_dir) / "pending" / name).unlink(missing_ok=True)


def place(data_dir: Path, name: str) -> Path:
    """Where the folder of a stored name lies."""
    return _root(data_dir) / name[:2] / name


def remove(data_dir: Path, name: str) -> None:
    """Nothing of this folder is left."""
    shutil.rmtree(place(data_dir, name), ignore_errors=True)


def left_behind(data_dir: Path, now: datetime) -> list[str]:
    """Names that were moved long ago and may have no row, because the server died or the commit failed.

    What was never moved is removed here.
    """
    root = _root(data_dir)
    for folder in _older(root / "incoming", now):
        shutil.rmtree(folder, ignore_errors=True)
    return [path.name for path in _older(root / "pending", now)]


def _older(folder: Path, now: datetime) -> list[Path]:
    limit, found = (now - LEFT_BEHIND_AFTER).timestamp(), []
    for path in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):  # another upload tidies up too
            if path.stat().st_mtime < limit:
                found.append(path)
    return found


def _root(data_dir: Path) -> Path:
    return data_dir / "documents"


def _folder(root: Path, *names: str) -> Path:
    """A folder that this user alone may enter, made when it is not there, and all above it up to the root."""
    for depth in range(len(names) + 1):
        root.joinpath(*names[:depth]).mkdir(mode=0o700, parents=True, exist_ok=True)
    return root.joinpath(*names)


def _on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
