"""Where one candidate stands by the announced list: the little that a page about many things asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from exam_server.models import PlaceEvent, Placing
from exam_server.placings import rows
from exam_server.placings.published import published
from exam_server.ranking.chain import Standing


@dataclass(frozen=True)
class Announced:
    """The outcome as it was announced, where they stand since, and everything that happened to the place."""

    published_at: datetime
    outcome: str
    reserve: int | None
    standing: Standing
    happened: tuple[PlaceEvent, ...]


def of_attempt(tx: Session, activity_id: int, attempt_id: int, now: datetime) -> Announced | None:
    """None before the announcement, and for who is not on its list."""
    announcement = published(tx, activity_id, now)
    placing = tx.get(Placing, (announcement.list_id, attempt_id)) if announcement else None
    if announcement is None or placing is None:
        return None
    happened = rows.stored(tx, activity_id, attempt_id)
    standing = rows.standing(placing, happened, now)
    return Announced(announcement.publish_at, placing.outcome, placing.reserve, standing, tuple(happened))
