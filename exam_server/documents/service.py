"""Which file counts: one newest row per kind, whose folder is on disk already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, throttle
from exam_server.db import Database, announce
from exam_server.documents.refusals import NotSettled
from exam_server.documents.rules import UNUSED_FOR, UPLOADS_PER_DAY
from exam_server.instants import ELSEWHERE
from exam_server.models import (
    Application,
    ApplicationVersion,
    Document,
    Office,
    Profile,
)

TRIES = 5
PURGED = "documents.purged"
"""The topic that tells which folders nobody may see any more: {"names": [...]}."""


@dataclass(frozen=True)
class Held:
    """A file that is kept, with its receipt: hash and size (bytes) of what was sent, and when."""

    id: int
    public_id: str
    kind: str
    sha256: str
    size: int
    media_type: str
    pages: int
    uploaded_at: datetime


def count_upload(db: Database, account_id: int, now: datetime) -> None:
    """One more upload of this account today; raises TooMany."""
    with db.write() as tx:
        throttle.take(tx, f"upload:{account_id}", UPLOADS_PER_DAY, timedelta(days=1), now)


def keep(
    db: Database, account_id: int, kind: str, name: str, now: datetime, *,
    sha256: str, size: int, media_type: str, pages: int,
) -> Held:  # fmt: skip
    """The newest file of its kind, whose folder is `name`; raises NotSettled while others keep coming."""
    for _ in range(TRIES):
        row = Document(account_id=account_id, kind=kind, stored_name=name, uploaded_at=now,
                       sha256=sha256, size=size, media_type=media_type, pages=pages)  # fmt: skip
        try:
            with db.write() as tx:
                _put_in_place(tx, row)
                return held(row)
        except IntegrityError:
            continue  # another upload of this kind was a moment earlier, and is the one to be replaced now
    raise NotSettled


def _put_in_place(tx: Session, row: Document) -> None:
    tx.execute(
        sa.update(Document)
        .where(Document.account_id == row.account_id, Document.kind == row.kind, *_LIVE)
        .values(replaced_at=row.uploaded_at)
    )
    tx.add(row)
    tx.flush()
    audit.record(tx, now=row.uploaded_at, act="document.uploaded", object_kind="document", object_id=row.id,
                 actor_id=row.account_id, detail={"kind": row.kind, "sha256": row.sha256})  # fmt: skip
    _drop_unused(tx, row.account_id, row.uploaded_at)


def newest(tx: Session, account_id: int) -> dict[str, Held]:
    """The file of each kind that counts now; a kind without one is missing."""
    rows = tx.scalars(sa.select(Document).where(Document.account_id == account_id, *_LIVE))
    return {row.kind: held(row) for row in rows}


def shelf(db: Database, account_id: int) -> tuple[dict[str, Held], ZoneInfo]:
    """What the page of one's own files shows: the newest of each kind, and the zone to read instants in."""
    with db.read() as tx:
        return newest(tx, account_id), zone_of(tx, account_id)


def by_ids(tx: Session, ids: Iterable[int]) -> dict[int, Held]:
    """The files that an application named, replaced or not; a purged one is missing."""
    rows = tx.scalars(sa.select(Document).where(Document.id.in_(list(ids)), Document.purged_at.is_(None)))
    return {row.id: held(row) for row in rows}


def purge(tx: Session, account_id: int, now: datetime) -> list[str]:
    """Every file of the account is forgotten; the stored names, whose folders go after the commit."""
    return _forget(tx, [Document.account_id == account_id, Document.purged_at.is_(None)], now)


def _drop_unused(tx: Session, account_id: int, now: datetime) -> None:
    """What was replaced and never sent with an application proves nothing and is not kept."""
    sent = tx.scalars(
        sa.select(ApplicationVersion.documents)
        .join(Application, Application.id == ApplicationVersion.application_id)
        .where(Application.candidate_id == account_id)
    )
    used = {number for documents in sent for number in documents.values()}
    _forget(tx, [Document.account_id == account_id, Document.purged_at.is_(None),
                 Document.replaced_at < now - UNUSED_FOR, Document.id.not_in(used)], now)  # fmt: skip


def _forget(tx: Session, which: list[sa.ColumnElement[bool]], now: datetime) -> list[str]:
    rows = tx.scalars(sa.select(Document).where(*which)).all()
    for row in rows:
        row.purged_at = now
    names = [row.stored_name for row in rows]
    if names:
        announce(tx, PURGED, {"names": names})
    return names


def nameless(db: Database, names: list[str], since: datetime) -> list[str]:
    """Of folders that were left behind those that no row names, and those of rows purged after `since`."""
    with db.read() as tx:
        known = set(tx.scalars(sa.select(Document.stored_name).where(Document.stored_name.in_(names))))
        purged = tx.scalars(sa.select(Document.stored_name).where(Document.purged_at > since))
        return [name for name in names if name not in known] + list(purged)


def zone_of(tx: Session, account_id: int) -> ZoneInfo:
    """The zone in which this person reads instants: that of the office they live under."""
    found = tx.scalar(
        sa.select(Office.zone)
        .join(Profile, Profile.office_id == Office.id)
        .where(Profile.account_id == account_id)
    )
    return ZoneInfo(found) if found else ELSEWHERE


_LIVE = (Document.replaced_at.is_(None), Document.purged_at.is_(None))


def held(row: Document) -> Held:
    """The row as others may have it: without the name of its folder."""
    return Held(row.id, row.public_id, row.kind, row.sha256, row.size, row.media_type, row.pages,
                row.uploaded_at)  # fmt: skip
