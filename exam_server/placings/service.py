"""A place is left: its holder withdraws, an official notes it, or two officials end it.

The departure and the offer to whoever is next are one transaction. Whatever touches places holds the activity
first, so that what is read after it stays true; the schema refuses a second departure and a second offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, mail
from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question
from exam_server.db import Database
from exam_server.models import Application, Approval, Attempt, Placing
from exam_server.placings import letters, offers, persons, rows, rules
from exam_server.placings.persons import Person
from exam_server.placings.published import InForce, in_force
from exam_server.placings.refusals import AlreadyLeft, NotAnnounced, NotFrozen, NotOnTheList
from exam_server.placings.rules import How
from exam_server.placings.words import OWN_WISH
from exam_server.ranking import ground
from exam_server.ranking.chain import EventKind, Standing
from exam_server.ranking.ground import Ground

KIND = "place.ended"


@dataclass(frozen=True)
class Case:
    """One person's place, held until the end of the transaction."""

    place: Ground
    force: InForce
    person: Person
    placing: Placing
    standing: Standing


def withdraw(db: Database, candidate_id: int, now: datetime) -> None:
    """The candidate leaves for good; again = nothing new.

    Raises NotAnnounced, NotOnTheList, NoPlace, AlreadyLeft.
    """
    with db.write() as tx:
        case = own_case(tx, candidate_id, now)
        if case.standing.where == "withdrew":
            return
        rules.check_leaves(case.standing)
        vacate(tx, case, "withdrew", candidate_id, OWN_WISH, now)
        reader = mail.reader(tx, candidate_id)
        mail.write_to(tx, reader, letters.withdrew(reader, case.place), now)


def note_withdrawal(
    db: Database, activity_id: int, attempt: str, reason: str, actor_id: int, now: datetime
) -> None:
    """An official writes down that somebody withdrew, also before the announcement.

    Raises NotFound, NotFrozen, NotOnTheList, NoPlace, AlreadyLeft, WhyMissing, WhyTooLong.
    """
    said = rules.why_of(reason)
    with db.write() as tx:
        case = case_of(tx, activity_id, persons.person(tx, activity_id, attempt), now)
        rules.check_leaves(case.standing)
        vacate(tx, case, "withdrew", actor_id, said, now)
        reader = mail.reader(tx, case.person.candidate_id)
        mail.write_to(tx, reader, letters.noted(reader, case.place, said), now)


def ask_to_end(
    db: Database, activity_id: int, attempt: str, how: How, reason: str, actor_id: int, now: datetime
) -> str:
    """The public id of the question that now waits for a second official.

    Raises NotFound, NotFrozen, NotOnTheList, NoPlace, AlreadyLeft, WhyMissing, WhyTooLong, AlreadyAsked.
    """
    said = rules.why_of(reason)
    with db.write() as tx:
        case = case_of(tx, activity_id, persons.person(tx, activity_id, attempt), now)
        rules.check_leaves(case.standing)
        payload = {"activity": case.place.public_id, "attempt": attempt, "how": how}
        evidence = {
            "candidate": case.person.name, "number": case.person.number, "where": case.standing.where,
            "rank": case.placing.rank, "reserve": case.placing.reserve, "list": case.force.frozen.number,
        }  # fmt: skip
        question = Question(KIND, case.place.office_id, "attempt", case.person.attempt_id, payload, evidence,
                            said)  # fmt: skip
        return approvals.ask(tx, question, actor_id, now)


def apply(tx: Session, approval: Approval, now: datetime) -> None:
    """The ending as it was asked for, its letter, its row in the trail, and the offer to who is next.

    Raises NotFrozen, NotOnTheList, NoPlace, AlreadyLeft.
    """
    attempt = tx.get_one(Attempt, approval.object_id)
    how = approval.payload["how"]
    person = persons.people(tx, [attempt.id])[attempt.id]
    case = case_of(tx, attempt.activity_id, person, now)
    rules.check_leaves(case.standing)
    more = {"approval": approval.public_id, "asked_by": approval.asked_by}
    vacate(tx, case, "cancelled" if how == "cancelled" else "disqualified", approval.decided_by,
           approval.reason, now, more)  # fmt: skip
    reader = mail.reader(tx, person.candidate_id)
    mail.write_to(tx, reader, letters.ended(reader, case.place, how, approval.reason), now)


def vacate(
    tx: Session, case: Case, kind: EventKind, actor_id: int | None, reason: str, now: datetime,
    more: dict[str, object] | None = None,
) -> None:  # fmt: skip
    """The event and its row in the trail; then whoever is next is offered the place."""
    enter_event(tx, case, kind, actor_id, reason, now, more)
    offers.make_due(tx, case.place, case.force, now)


def enter_event(
    tx: Session, case: Case, kind: EventKind, actor_id: int | None, reason: str, now: datetime,
    more: dict[str, object] | None = None,
) -> None:  # fmt: skip
    """One statement stores it, once; raises AlreadyLeft."""
    place, attempt_id = case.place, case.person.attempt_id
    if not rows.store(tx, place.activity_id, attempt_id, kind, now, actor_id=actor_id, reason=reason):
        raise AlreadyLeft
    audit.record(
        tx, now=now, act=f"place.{kind}", object_kind="attempt", object_id=attempt_id, actor_id=actor_id,
        office_id=place.office_id,
        detail={"reason": reason, "was": case.standing.where, "list": case.force.frozen.number,
                **(more or {})},
    )  # fmt: skip


def own_case(tx: Session, candidate_id: int, now: datetime) -> Case:
    """The candidate's own place in the newest selection; raises NotAnnounced, NotOnTheList."""
    activity_id = newest_selection(tx, candidate_id)
    attempt_id = tx.scalar(
        sa.select(Attempt.id).where(Attempt.candidate_id == candidate_id, Attempt.activity_id == activity_id)
    )
    if activity_id is None or attempt_id is None:
        raise NotOnTheList
    try:
        case = case_of(tx, activity_id, persons.people(tx, [attempt_id])[attempt_id], now)
    except (NotFrozen, NotOnTheList) as problem:
        if isinstance(problem, NotOnTheList) and in_force(tx, activity_id, now).announcement is not None:
            raise
        raise NotAnnounced from problem  # whether somebody is on a list is not told before its day
    if case.force.announcement is None:
        raise NotAnnounced
    return case


def newest_selection(tx: Session, candidate_id: int) -> int | None:
    """The selection activity that the candidate entered last."""
    return tx.scalar(
        sa.select(Application.activity_id)
        .where(Application.candidate_id == candidate_id, Application.kind == "selection")
        .order_by(Application.year.desc(), Application.id.desc())
        .limit(1)
    )


def case_of(tx: Session, activity_id: int, person: Person, now: datetime) -> Case:
    """Held from here on; raises NotFrozen, NotOnTheList."""
    ground.hold(tx, activity_id)
    force = in_force(tx, activity_id, now)
    placing = tx.get(Placing, (force.frozen.id, person.attempt_id))
    if placing is None:
        raise NotOnTheList
    happened = rows.stored(tx, activity_id, person.attempt_id)
    return Case(ground.of_activity(tx, activity_id), force, person, placing,
                rows.standing(placing, happened, now))  # fmt: skip
