"""Who may see a file: its owner, and officials of an office the owner turned to; their looks are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.documents.service import Held, held
from exam_server.errors import NotFound
from exam_server.models import Activity, Application, Document, HelpRequest, Profile

MAY_SEE = ("screener", "admin")


@dataclass(frozen=True)
class Asker:
    """Who wants to see a file; roles as (role, office id or None)."""

    account_id: int
    roles: frozenset[tuple[str, int | None]]


def find(db: Database, asker: Asker, public_id: str, now: datetime) -> tuple[Held, str]:
    """The file and its stored name, for its owner and the owner's offices; raises NotFound."""
    row, _ = _find(db, asker, public_id, now)
    return held(row), row.stored_name


def open_file(
    db: Database, asker: Asker, public_id: str, page: int | None, now: datetime
) -> tuple[Held, str]:
    """As `find`, for a look at a whole page (none: the file as sent); an official's is kept in the trail."""
    row, seat = _find(db, asker, public_id, now)
    if page is not None and not 1 <= page <= row.pages:
        raise NotFound
    if seat:
        with db.write() as tx:
            audit.record(tx, now=now, act="document.opened", object_kind="document", object_id=row.id,
                         actor_id=asker.account_id, office_id=seat[1],
                         detail={"kind": row.kind, "page": page, "role": seat[0]})  # fmt: skip
    return held(row), row.stored_name


def _find(
    db: Database, asker: Asker, public_id: str, now: datetime
) -> tuple[Document, tuple[str, int | None] | None]:
    """The row, and in which role an official may see it (none for the owner)."""
    with db.read() as tx:
        row = tx.scalar(sa.select(Document).where(Document.public_id == public_id))
        if row is None:
            raise NotFound
        seat = None if row.account_id == asker.account_id else _seat(tx, asker, row.account_id)
    if row.account_id != asker.account_id and seat is None:
        audit.refuse_foreign(db, asker.account_id, "document", row.id, now)
    if row.purged_at is not None:
        raise NotFound
    return row, seat


def _seat(tx: Session, asker: Asker, owner_id: int) -> tuple[str, int | None] | None:
    """The role in which this official works for an office that the owner applied to."""
    offices = tx.scalars(
        sa.select(Activity.office_id)
        .join(Application, Application.activity_id == Activity.id)
        .where(Application.candidate_id == owner_id)
        .order_by(Application.year.desc(), Activity.office_id)
    ).all()
    seats = [(role, office) for office in offices for role in MAY_SEE if (role, office) in asker.roles]
    if seats:
        return seats[0]
    for office in _asked(tx, owner_id, strangers=not offices):
        if ("admin", office) in asker.roles:
            return "admin", office
    if ("superadmin", None) in asker.roles:
        return "superadmin", offices[0] if offices else None
    return None


def _asked(tx: Session, owner_id: int, strangers: bool) -> list[int | None]:
    """Offices that have a request for help of the owner on the desk, or a stranger's about the owner's NIK.

    Anybody can send such a request to any office, its own admin too: so a stranger's opens files only where
    the owner lives, and only while the owner has applied nowhere.
    """
    nik = sa.select(Profile.nik).where(Profile.account_id == owner_id).scalar_subquery()
    home = sa.select(Profile.office_id).where(Profile.account_id == owner_id).scalar_subquery()
    by_a_stranger = HelpRequest.account_id.is_(None) & (HelpRequest.nik == nik)
    by_a_stranger &= (HelpRequest.office_id == home) & sa.literal(strangers)
    return list(tx.scalars(
        sa.select(HelpRequest.office_id)
        .where((HelpRequest.account_id == owner_id) | by_a_stranger, HelpRequest.resolved_at.is_(None))
        .order_by(HelpRequest.id)
    ))  # fmt: skip
