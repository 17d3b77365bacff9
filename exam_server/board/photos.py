"""The small photo on a row: the one that the office accepted, for those who watch that sitting.

Who looked at whom is kept, as with every other file.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from PIL import Image

from exam_server import audit
from exam_server.board.columns import ACCEPTED_PHOTO
from exam_server.board.service import Sight
from exam_server.db import Database
from exam_server.documents import files
from exam_server.errors import NotFound
from exam_server.models import Activity, Attempt, Document

LONGEST = 96
"""Pixels of the longer side."""

QUALITY = 80


def find(db: Database, sight: Sight, attempt: str, viewer_id: int, role: str, now: datetime) -> str:
    """The stored name of the photo of an attempt (public id) within sight; the look is kept in the trail.

    Raises NotFound: no such attempt, none within sight (the trail keeps that), or no accepted photo.
    """
    with db.read() as tx:
        row = tx.execute(
            sa.select(Attempt.id, Attempt.activity_id, Attempt.sitting_id, ACCEPTED_PHOTO.label("photo"))
            .join(Activity, Activity.id == Attempt.activity_id)
            .where(Attempt.public_id == attempt)
        ).one_or_none()
        if row is None:
            raise NotFound
        stored = tx.scalar(sa.select(Document.stored_name).where(Document.id == row.photo))
    seen = sight.whole or row.sitting_id in {one.id for one in sight.sittings}
    if row.activity_id != sight.card.id or not seen:
        audit.refuse_foreign(db, viewer_id, "attempt", row.id, now)
    if stored is None:
        raise NotFound
    with db.write() as tx:
        audit.record(tx, now=now, act="document.opened", object_kind="document", object_id=row.photo,
                     actor_id=viewer_id, office_id=sight.card.office_id,
                     detail={"kind": "photo", "page": 1, "role": role})  # fmt: skip
    return stored


def small(data_dir: Path, stored_name: str) -> bytes:
    """A JPEG of at most LONGEST pixels either way, made from our own cleaned picture; raises NotFound."""
    out = io.BytesIO()
    try:
        with Image.open(files.place(data_dir, stored_name) / "thumb.jpg", formats=("JPEG",)) as picture:
            picture.thumbnail((LONGEST, LONGEST))
            picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    except FileNotFoundError as problem:
        raise NotFound from problem
    return out.getvalue()
