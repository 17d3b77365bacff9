"""Guides: PDF files that an announcement offers for reading, examined as candidates' files are."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from exam_server import audit
from exam_server.db import Database
from exam_server.documents import intake
from exam_server.documents.refusals import EmptyFile, FileTooLarge
from exam_server.documents.rules import MOST_BYTES
from exam_server.documents.signatures import PDF
from exam_server.errors import NotFound
from exam_server.models import Guide, Recruitment
from exam_server.recruitments import rules
from exam_server.recruitments.refusals import NotAPdf, TooManyGuides

MOST_GUIDES = 10


@dataclass(frozen=True)
class Offered:
    """A guide to be sent; whether `published` or not, and whose."""

    content: bytes
    filename: str
    office_id: int
    published: bool


def examined(source: IO[bytes]) -> bytes:
    """The file as it was sent, found to be a harmless PDF.

    Raises EmptyFile, FileTooLarge, NotAPdf, and what `intake.examine` does.
    """
    content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileTooLarge(limit=MOST_BYTES // 1024**2)
    if not content:
        raise EmptyFile
    with tempfile.TemporaryDirectory() as folder:
        path, pages = Path(folder) / "guide", Path(folder) / "pages"
        path.write_bytes(content)
        pages.mkdir()
        if intake.examine(path, pages).media_type != PDF:
            raise NotAPdf("file")
    return content


def add(
    db: Database,
    office_id: int,
    year: int,
    title: dict[str, str],
    filename: str,
    content: bytes,
    reason: str,
    actor_id: int,
    now: datetime,
) -> None:
    """The announcement offers it; raises NotFound, TooManyGuides, and ReasonMissing once it is published."""
    with db.write() as tx:
        recruitment = _locked(tx, office_id, year)
        detail = _detail(recruitment, "guide", reason)
        count = (
            tx.scalar(sa.select(sa.func.count(Guide.id)).where(Guide.recruitment_id == recruitment.id)) or 0
        )
        if count >= MOST_GUIDES:
            raise TooManyGuides("file", most=MOST_GUIDES)
        digest = hashlib.sha256(content).hexdigest()
        tx.add(Guide(recruitment_id=recruitment.id, title=title, filename=filename, sha256=digest,
                     content=content, added_at=now))  # fmt: skip
        audit.record(tx, now=now, act="guide.added", object_kind="recruitment", object_id=recruitment.id,
                     actor_id=actor_id, office_id=office_id, detail=detail | {"sha256": digest})  # fmt: skip


def remove(
    db: Database, office_id: int, year: int, public_id: str, reason: str, actor_id: int, now: datetime
) -> None:
    """The announcement offers it no longer; raises NotFound, and ReasonMissing once it is published."""
    with db.write() as tx:
        recruitment = _locked(tx, office_id, year)
        detail = _detail(recruitment, "guide", reason)
        wanted = (Guide.public_id == public_id, Guide.recruitment_id == recruitment.id)
        digest = tx.scalar(sa.delete(Guide).where(*wanted).returning(Guide.sha256))
        if digest is None:
            raise NotFound
        audit.record(tx, now=now, act="guide.removed", object_kind="recruitment", object_id=recruitment.id,
                     actor_id=actor_id, office_id=office_id, detail=detail | {"sha256": digest})  # fmt: skip


def _locked(tx: Session, office_id: int, year: int) -> Recruitment:
    wanted = sa.select(Recruitment).where(Recruitment.office_id == office_id, Recruitment.year == year)
    found = tx.scalar(wanted.with_for_update())
    if found is None:
        raise NotFound
    return found


def _detail(recruitment: Recruitment, part: str, reason: str) -> dict[str, str]:
    """What the trail keeps; of a published announcement with the reason."""
    if recruitment.published_at is None:
        return {"section": part}
    return {"section": part, "reason": rules.usable_reason(reason)}


def offered(db: Database, public_id: str) -> Offered:
    """The file of that name; raises NotFound."""
    with db.read() as tx:
        row = tx.execute(
            sa.select(Guide.content, Guide.filename, Recruitment.office_id, Recruitment.published_at)
            .join(Recruitment, Recruitment.id == Guide.recruitment_id)
            .where(Guide.public_id == public_id)
        ).one_or_none()
    if row is None:
        raise NotFound
    return Offered(row.content, row.filename, row.office_id, row.published_at is not None)


def of_recruitment(db: Database, office_id: int, year: int) -> list[Guide]:
    """Every guide of a recruitment without its content, oldest first."""
    with db.read() as tx:
        wanted = (
            sa.select(Guide).options(defer(Guide.content))
            .join(Recruitment, Recruitment.id == Guide.recruitment_id)
            .where(Recruitment.office_id == office_id, Recruitment.year == year)
            .order_by(Guide.id)
        )  # fmt: skip
        return list(tx.scalars(wanted))
