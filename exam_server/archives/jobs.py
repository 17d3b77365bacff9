"""Exports that are being made: each is a folder, and where it stands follows from the files that are in it.

`job.json` what was asked for; `claim` one worker makes it; `progress.json` how far it is; `result` it is
ready; `failed` it is not going to be. After a day the folder goes, whatever is in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from exam_server.clock import from_ms, to_ms

FOLDER = "exports"
LIFE = timedelta(hours=24)
SILENCE = timedelta(minutes=5)
"""Whoever makes an export tells how far it is more often than this, or is gone."""

KINDS = ("workbook", "csv", "dossiers")
State = Literal["waiting", "running", "ready", "failed"]
_NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class Job:
    """What was asked for; `asked_at` is in milliseconds since 1970, `zone` that of the office."""

    public_id: str
    kind: str
    activity_id: int
    activity: str
    owner: int
    zone: str
    asked_at: int


@dataclass(frozen=True)
class Export:
    """Where one job stands; `done` of `total` are counted in whatever its kind counts."""

    job: Job
    folder: Path
    state: State
    done: int = 0
    total: int = 0
    size: int = 0
    sha256: str = ""

    @property
    def result(self) -> Path:
        return self.folder / "result"

    @property
    def asked_at(self) -> datetime:
        return from_ms(self.job.asked_at)

    @property
    def expires_at(self) -> datetime:
        return self.asked_at + LIFE


def start(data_dir: Path, job: Job) -> None:
    """The job waits from now on; nobody but this server reads what it makes."""
    root = data_dir / FOLDER
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = root / job.public_id
    folder.mkdir(mode=0o700)
    _write(folder / "job.json", asdict(job))


def find(data_dir: Path, public_id: str, now: datetime) -> Export | None:
    """None when it is not there, or not any more."""
    if not _NAME.fullmatch(public_id):
        return None
    folder = data_dir / FOLDER / public_id
    said = _read(folder / "job.json")
    if said is None:
        return None
    job = Job(**said)
    if from_ms(job.asked_at) + LIFE <= now:
        return None
    return _standing(job, folder, now)


def all_of(data_dir: Path, now: datetime) -> list[Export]:
    """Every export that is there, the newest first."""
    found = [one for name in _names(data_dir) if (one := find(data_dir, name, now))]
    return sorted(found, key=lambda one: (-one.job.asked_at, one.job.public_id))


def claim(export: Export, now: datetime) -> bool:
    """True for the one worker that makes it."""
    try:
        os.close(os.open(export.folder / "claim", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except (FileExistsError, FileNotFoundError):
        return False
    report(export, 0, 0, now)
    return True


def report(export: Export, done: int, total: int, now: datetime) -> None:
    """So much is done."""
    _write(export.folder / "progress.json", {"done": done, "total": total, "at": to_ms(now)})


def finish(export: Export, made: Path, size: int, sha256: str) -> None:
    """What was made is ready: from here on it is there as a whole."""
    _write(export.folder / "sum.json", {"size": size, "sha256": sha256})
    made.replace(export.result)


def give_up(export: Export) -> None:
    with contextlib.suppress(OSError):
        (export.folder / "failed").touch()


def tidy(data_dir: Path, now: datetime) -> int:
    """Remove what is older than a day, or unreadable; how many."""
    old = [name for name in _names(data_dir) if find(data_dir, name, now) is None]
    for name in old:
        shutil.rmtree(data_dir / FOLDER / name, ignore_errors=True)
    return len(old)


def _standing(job: Job, folder: Path, now: datetime) -> Export:
    progress = _read(folder / "progress.json") or {}
    done, total = progress.get("done", 0), progress.get("total", 0)
    if (folder / "result").is_file():
        made = _read(folder / "sum.json") or {}
        return Export(job, folder, "ready", total, total, made.get("size", 0), made.get("sha256", ""))
    if not (folder / "claim").exists():
        return Export(job, folder, "waiting")
    silent = "at" in progress and from_ms(progress["at"]) + SILENCE <= now
    failed = silent or (folder / "failed").exists()
    return Export(job, folder, "failed" if failed else "running", done, total)


def _names(data_dir: Path) -> Iterator[str]:
    with contextlib.suppress(FileNotFoundError):
        yield from sorted(one.name for one in (data_dir / FOLDER).iterdir())


def _write(path: Path, said: dict[str, Any]) -> None:
    """As a whole or not at all, whoever reads meanwhile."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(said))
    part.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return said
