"""A long announcement is made before the transaction that stores it, which must be short."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from exam_server.announcements import drafting, service
from exam_server.announcements.rules import policy_of
from exam_server.announcements.service import Prepared
from exam_server.clock import from_ms
from exam_server.db import Database
from exam_server.models import Approval
from exam_server.ranking import ground
from exam_server.ranking import service as ranking
from exam_server.ranking.ready import Apart, Shelf


class Granting:
    """The act of granting: `prepare` before the transaction, `apply` inside it."""

    def __init__(self) -> None:
        self._shelf: Shelf[Prepared] = Shelf()

    def prepare(self, db: Database, approval: Approval, apart: Apart) -> None:
        """Makes a long one as it was asked for; changes nothing. Raises ReckoningFailed."""
        wanted = approval.payload
        with db.read() as tx:
            place = ground.of_activity(tx, approval.object_id)
            frozen = ranking.newest_list(tx, place.activity_id)
            if frozen is None or not drafting.is_long(tx, frozen.id):
                return
            facts = service.facts_of(tx, place.activity_id)
            asked = drafting.wanted(tx, place.activity_id, frozen.id, policy_of(wanted["policy"]),
                                    from_ms(wanted["publish_at"]), approval.asked_at)  # fmt: skip
        text = apart(drafting.reckon, asked)
        self._shelf.put(approval.id, Prepared(drafting.Draft(frozen.id, asked["number"], text), facts))

    def apply(self, tx: Session, approval: Approval, now: datetime) -> None:
        """Raises what `announcements.service.apply` does."""
        service.apply(tx, approval, now, self._shelf.take(approval.id))
