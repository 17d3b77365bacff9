"""Pictures of items for those who write them: admins of an office that uses them see them.

A picture is kept when it is sent, before its item is, so that it survives a form that comes back; while no
item uses it, whoever may write items and knows its hash may see it.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import BankItem, ItemRevision, Picture, RevisionPicture
from exam_server.questions.service import EDITS, Official


def keep(db: Database, name: str, data: bytes) -> str:
    """The picture, decoded and written anew, is in the bank; its hash. Raises BadPicture."""
    with db.write() as tx:
        return bank.keep_picture(tx, name, data).sha256


def own(db: Database, person: Official, sha256: str, now: datetime) -> tuple[str, bytes]:
    """(media type, bytes); whoever has nothing to do with it finds nothing (NotFound) and leaves a row."""
    with db.read() as tx:
        picture_id = tx.scalar(sa.select(Picture.id).where(Picture.sha256 == sha256))
        if picture_id is None:
            raise NotFound
        offices = _offices(tx, picture_id)
        if any(person.may(one, EDITS) for one in offices):
            return bank.picture(tx, picture_id)
        if not offices and person.offices(EDITS) != []:
            return bank.picture(tx, picture_id)
    audit.refuse_foreign(db, person.id, "picture", picture_id, now)


def _offices(tx: Session, picture_id: int) -> set[int]:
    inside = sa.select(RevisionPicture.revision_id).where(RevisionPicture.picture_id == picture_id)
    using = (
        sa.select(BankItem.office_id)
        .join(ItemRevision, ItemRevision.item_id == BankItem.id)
        .where(sa.or_(ItemRevision.picture_id == picture_id, ItemRevision.id.in_(inside)))
    )
    return set(tx.scalars(using))
