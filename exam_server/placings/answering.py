"""An offered place is taken or declined until its deadline, once; a place let go is offered on at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from exam_server import mail
from exam_server.db import Database
from exam_server.placings import lapses, letters, rows, rules, service
from exam_server.placings.refusals import OfferOver


def take(db: Database, candidate_id: int, now: datetime) -> None:
    """The place is theirs; again = nothing new.

    Raises NotAnnounced, NotOnTheList, NothingOffered, OfferOver, AlreadyLeft.
    """
    with db.write() as tx:
        case = service.own_case(tx, candidate_id, now)
        happened = rows.stored(tx, case.place.activity_id, case.person.attempt_id)
        if case.standing.where == "accepted" and any(one.kind == "took" for one in happened):
            return
        rules.check_answers(case.standing)
        _require_open(tx, case.person.attempt_id)
        service.enter_event(tx, case, "took", candidate_id, "", now)
        reader = mail.reader(tx, candidate_id)
        mail.write_to(tx, reader, letters.took(reader, case.place), now)


def decline(db: Database, candidate_id: int, now: datetime) -> None:
    """The place goes to who is next; again = nothing new.

    Raises NotAnnounced, NotOnTheList, NothingOffered, OfferOver, AlreadyLeft.
    """
    with db.write() as tx:
        case = service.own_case(tx, candidate_id, now)
        if case.standing.where == "declined":
            return
        rules.check_answers(case.standing)
        _require_open(tx, case.person.attempt_id)
        service.vacate(tx, case, "declined", candidate_id, "", now)
        reader = mail.reader(tx, candidate_id)
        mail.write_to(tx, reader, letters.declined(reader, case.place), now)


def _require_open(tx: Session, attempt_id: int) -> None:
    """A worker whose clock was a moment ahead may have ended it; raises OfferOver."""
    if rows.passed_on(tx, attempt_id) or lapses.was_told(tx, attempt_id):
        raise OfferOver
