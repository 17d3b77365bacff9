"""A frozen list with places and reserves, announced or not, and what happens to its places."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from exam_server.approvals import service as approvals
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.models import AuditEntry, Mail, PlaceEvent, ResultAnnouncement
from exam_server.placings import answering, service, telling
from exam_server.placings.rules import How
from exam_server.ranking import service as ranking
from exam_server.ranking.chain import Standing
from tests.corrections.samples import OTHER, turned
from tests.factories import DAY, add, numbers
from tests.ranking.stand import AFTER, Person, Stand, build

DAY_OF_RESULT = AFTER + DAY
LATER = DAY_OF_RESULT + DAY
REASON = "Ijazah tidak benar"
ACTS = {service.KIND: service.apply}


def announce(stand: Stand, publish_at: datetime = DAY_OF_RESULT, **policy: Any) -> ResultAnnouncement:
    """The newest list becomes public at that instant."""
    number = next(numbers)
    return add(stand.db, ResultAnnouncement(
        activity_id=stand.activity_id, number=number, list_id=stand.list_id, policy=policy,
        content="{}", sha256="0" * 64, asked_by=stand.admin, granted_by=stand.second, made_at=AFTER,
        publish_at=publish_at,
    ))  # fmt: skip


def turned_over(db: Database, at: datetime, reserves: int = 2) -> Places:
    """A list that is announced; from `at` on the one that a corrected key made of it counts.

    Ranks 1 and 2 had places, the next ones were reserves; by the further list 3 and 4 have the places, and
    its reserves are 5, 1 and 2, in this order.
    """
    found = turned(db, frozen=True, reserves=reserves)
    announce(found.stand)
    found.correct(Wish("key", OTHER))
    with db.read() as tx:
        newest = ranking.newest_list(tx, found.stand.activity_id)
    assert newest is not None
    announce(replace(found.stand, list_id=newest.id), at)
    return Places(db, stand=found.stand)


class Places:
    """Two places and two reserves of one quota; five who sat (ranks 1 to 5) and one absent, announced."""

    def __init__(self, db: Database, stand: Stand | None = None, announced: bool = True,
                 policy: dict[str, Any] | None = None, **changed: Any) -> None:  # fmt: skip
        """`stand`: one that is in this database already, with its announcement."""
        self.db = db
        if stand is not None:
            self.stand = replace(stand, db=db)
        else:
            self.stand = build(db, **({"frozen": True} | changed))
            if announced:
                announce(self.stand, **(policy or {}))
        self.place = self.stand.place

    def __getitem__(self, rank: int) -> Person:
        """Who has that rank, from 1."""
        return self.stand.people[rank - 1]

    def withdraw(self, rank: int, at: datetime = LATER) -> None:
        service.withdraw(self.db, self[rank].run.candidate_id, at)

    def take(self, rank: int, at: datetime) -> None:
        answering.take(self.db, self[rank].run.candidate_id, at)

    def decline(self, rank: int, at: datetime) -> None:
        answering.decline(self.db, self[rank].run.candidate_id, at)

    def note(self, rank: int, at: datetime = LATER, reason: str = "Surat bermeterai") -> None:
        service.note_withdrawal(self.db, self.stand.activity_id, self[rank].run.public_id, reason,
                                self.stand.admin, at)  # fmt: skip

    def ask(self, rank: int, how: How = "cancelled", at: datetime = LATER, reason: str = REASON) -> str:
        return service.ask_to_end(self.db, self.stand.activity_id, self[rank].run.public_id, how, reason,
                                  self.stand.admin, at)  # fmt: skip

    def grant(self, public_id: str, at: datetime = LATER) -> None:
        approvals.grant(self.db, ACTS, public_id, self.stand.second, at)

    def standing(self, rank: int, at: datetime) -> Standing:
        return telling.of_person(self.db, self.place, self[rank].run.public_id, at).standing

    def where(self, at: datetime) -> list[str]:
        """Where each rank stands then."""
        return [self.standing(rank, at).where for rank in range(1, len(self.stand.people) + 1)]

    def events(self) -> list[tuple[str, int]]:
        """(kind, rank) in the order in which they were stored."""
        ranks = {one.attempt_id: rank for rank, one in enumerate(self.stand.people, 1)}
        with self.db.read() as tx:
            rows = tx.scalars(sa.select(PlaceEvent).order_by(PlaceEvent.id))
            return [(one.kind, ranks[one.attempt_id]) for one in rows]

    def letters(self, rank: int) -> list[Mail]:
        with self.db.read() as tx:
            wanted = sa.select(Mail).where(Mail.account_id == self[rank].run.candidate_id)
            return [one for one in tx.scalars(wanted.order_by(Mail.id)) if "/result" in one.body]

    def trail(self) -> list[AuditEntry]:
        with self.db.read() as tx:
            wanted = sa.select(AuditEntry).where(AuditEntry.act.startswith("place."))
            return list(tx.scalars(wanted.order_by(AuditEntry.id)))
