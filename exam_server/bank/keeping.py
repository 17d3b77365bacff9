"""Pictures into the bank, once per content: read and written anew before, so that this takes no time."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import holding
from exam_server.bank.codec import seal
from exam_server.models import Picture

MOST_AT_ONCE = 500
"""Values in one list of a statement."""

ReadPicture = tuple[str, str, bytes, int, int]
"""As `pictures.read_picture` gives it: (sha256, media type, bytes, width, height)."""


def keep(tx: Session, pictures: Sequence[ReadPicture]) -> dict[str, int]:
    """Ids of these pictures by their hashes; they are in the bank when this transaction commits."""
    wanted = {picture[0]: picture for picture in pictures}
    if not wanted:
        return {}
    holding.while_pictures_come(tx)
    known = _known(tx, list(wanted))
    new = [
        {"sha256": sha256, "media_type": kind, "content": seal(content), "width": width, "height": height}
        for sha256, kind, content, width, height in wanted.values() if sha256 not in known
    ]  # fmt: skip
    if not new:
        return known
    made = tx.execute(sa.insert(Picture).returning(Picture.sha256, Picture.id), new)
    return known | {row.sha256: row.id for row in made}


def _known(tx: Session, hashes: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(hashes), MOST_AT_ONCE):
        part = hashes[start : start + MOST_AT_ONCE]
        rows = tx.execute(sa.select(Picture.sha256, Picture.id).where(Picture.sha256.in_(part)))
        found |= {row.sha256: row.id for row in rows}
    return found
