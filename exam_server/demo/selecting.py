"""What the demo's office has decided so far: criteria and places are recorded, and the scores are open.

Jepara's announced stages overlap, so its admin may prepare the list while others still sit. At Magetan the
final stage is still ahead: criteria and places are recorded, and nobody may look at scores yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from exam_server.db import Database
from exam_server.ranking import ground, service
from exam_server.ranking.rules import APPLIED, TEST, Component, Criteria, Quota

EDUCATION, EXPERIENCE = 8, 13
"""Announced preferences that count, by their numbers."""

CRITERIA = Criteria(
    (
        Component(TEST, Fraction(80)),
        Component(f"preference:{EDUCATION}", Fraction(10), basis="education"),
        Component(f"preference:{EXPERIENCE}", Fraction(10), basis="experience"),
    ),
    ties=(f"preference:{EXPERIENCE}", APPLIED),
)
PLACES, RESERVES = 6, 4
RECORDED = timedelta(days=2)
"""So long ago, and with it before anybody sat."""


def prepare(db: Database, activity_id: int, admin_id: int, now: datetime) -> None:
    """Everything that may be decided by now; scores are opened only where the final stage has begun."""
    with db.read() as tx:
        place = ground.of_activity(tx, activity_id)
    service.record_criteria(db, place, CRITERIA, admin_id, now - RECORDED)
    service.record_quota(db, place, (Quota(PLACES),), RESERVES, "", admin_id, now - RECORDED)
    if place.opens_at is None or place.opens_at <= now:
        service.open_scores(db, place, admin_id, now)
