"""Exports as officials ask for them: each is one's own, every one is noted in the trail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from exam_server import audit
from exam_server.archives import jobs, rows, zipped
from exam_server.archives.jobs import Export, Job
from exam_server.archives.refusals import (
    CandidateUnknown,
    ExportGone,
    ExportNotReady,
    ExportUnknown,
    NumberShared,
)
from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.documents.files import check_room
from exam_server.models import new_public_id
from exam_server.ranking import service as ranking
from exam_server.ranking.ground import Ground

FILES = ("json", "html")


def ask(db: Database, data_dir: Path, place: Ground, kind: str, actor_id: int, now: datetime) -> str:
    """The public id of the export that is made from now on; the same again while it is made is that one.

    Raises ExportUnknown, ScoresNotOpened, StorageFull.
    """
    if kind not in jobs.KINDS:
        raise ExportUnknown
    with db.read() as tx:
        ranking.plan(tx, place.activity_id).opened()
    for one in own(data_dir, place, actor_id, now):
        if one.job.kind == kind and one.state in ("waiting", "running"):
            return one.job.public_id
    check_room(data_dir)
    job = Job(new_public_id(), kind, place.activity_id, place.public_id, actor_id, place.zone.key, to_ms(now))
    _record(db, place, "archive.made", actor_id, now, kind=kind, export=job.public_id)
    jobs.start(data_dir, job)
    return job.public_id


def own(data_dir: Path, place: Ground, actor_id: int, now: datetime) -> list[Export]:
    """What this official asked for here, the newest first."""
    return [one for one in jobs.all_of(data_dir, now)
            if (one.job.owner, one.job.activity_id) == (actor_id, place.activity_id)]  # fmt: skip


def find(data_dir: Path, place: Ground, public_id: str, actor_id: int, now: datetime) -> Export:
    """One of one's own; raises ExportGone."""
    found = jobs.find(data_dir, public_id, now)
    if found is None or (found.job.owner, found.job.activity_id) != (actor_id, place.activity_id):
        raise ExportGone
    return found


def take(db: Database, data_dir: Path, place: Ground, public_id: str, actor_id: int, now: datetime) -> Export:
    """One that is ready, noted as taken; raises ExportGone, ExportNotReady."""
    found = find(data_dir, place, public_id, actor_id, now)
    if found.state != "ready":
        raise ExportNotReady
    _record(db, place, "archive.taken", actor_id, now, kind=found.job.kind, export=public_id,
            sha256=found.sha256)  # fmt: skip
    return found


def candidate(db: Database, place: Ground, number: str, kind: str, actor_id: int, now: datetime) -> bytes:
    """One candidate's whole result file, noted; raises CandidateUnknown, NumberShared, ExportUnknown,
    ScoresNotOpened."""
    if kind not in FILES:
        raise ExportUnknown
    with db.read() as tx:
        ranking.plan(tx, place.activity_id).opened()
        found = rows.of_number(tx, place.activity_id, number) if number.strip() else []
    if not found:
        raise CandidateUnknown(number=number)
    if len(found) > 1:  # eight signs are not a promise: never somebody else's file
        raise NumberShared(number=number, count=len(found))
    made = zipped.own(db, found[0], kind)
    with db.write() as tx:
        audit.record(tx, now=now, act="archive.candidate", object_kind="attempt", object_id=found[0],
                     actor_id=actor_id, office_id=place.office_id, detail={"format": kind})  # fmt: skip
    return made


def _record(db: Database, place: Ground, act: str, actor_id: int, now: datetime, **detail: str) -> None:
    with db.write() as tx:
        audit.record(tx, now=now, act=act, object_kind="activity", object_id=place.activity_id,
                     actor_id=actor_id, office_id=place.office_id, detail=dict(detail))  # fmt: skip
