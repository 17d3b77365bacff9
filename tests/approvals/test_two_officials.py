"""What needs two officials is done by two, once, exactly as it was asked for, or not at all."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from exam_server.approvals import service
from exam_server.approvals.service import AlreadyAsked, ApprovalOver, Question, ReasonMissing, SamePerson
from exam_server.db import Database
from exam_server.errors import N_, NotFound, Refusal
from exam_server.models import Approval, AuditEntry, Holiday
from tests.factories import DAY, MINUTE, START, Scene, add_official, add_scene

KIND = "sitting.moved"


class Impossible(Refusal):
    code = "impossible"
    sentence = N_("Tidak mungkin.")


class Office:
    """One office with two officials and an act that leaves a trace in a table."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.scene: Scene = add_scene(db, items=0)
        self.asker = add_official(db, "admin", self.scene.office).id
        self.other = add_official(db, "admin", self.scene.office).id

    def ask(self, reason: str = "listrik padam", now: datetime = START) -> str:
        scene, payload = self.scene, {"day": "2026-12-25"}
        question = Question(KIND, scene.office.id, "sitting", scene.sitting.id, payload,
                            {"bookings": 40}, reason)  # fmt: skip
        with self.db.write() as tx:
            return service.ask(tx, question, self.asker, now)

    def grant(self, public_id: str, actor: int | None = None, now: datetime = START + MINUTE) -> None:
        service.grant(self.db, {KIND: self.act}, public_id, actor or self.other, now)

    def act(self, tx: Session, approval: Approval, now: datetime) -> None:
        day = datetime.fromisoformat(approval.payload["day"]).date()
        tx.add(Holiday(day=day, name={"id": approval.reason}))
        tx.flush()

    def done(self) -> int:
        with self.db.read() as tx:
            return int(tx.scalar(sa.select(sa.func.count()).select_from(Holiday)) or 0)

    def acts(self) -> list[str]:
        with self.db.read() as tx:
            return list(tx.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)))


@pytest.fixture
def office(db: Database) -> Office:
    return Office(db)


def test_a_second_official_grants_and_the_act_is_done(office: Office) -> None:
    office.grant(office.ask())
    assert office.done() == 1
    assert office.acts()[-2:] == ["approval.asked", "approval.granted"]


def test_asking_alone_does_nothing(office: Office) -> None:
    office.ask()
    assert office.done() == 0


def test_the_asker_cannot_grant(office: Office) -> None:
    public_id = office.ask()
    with pytest.raises(SamePerson):
        office.grant(public_id, office.asker)
    assert office.done() == 0


def test_the_schema_too_refuses_a_grant_by_the_asker(office: Office) -> None:
    office.ask()
    with pytest.raises(IntegrityError), office.db.write() as tx:
        tx.execute(sa.update(Approval).values(outcome="granted", decided_by=office.asker, decided_at=START))


def test_what_was_decided_never_changes(office: Office) -> None:
    office.grant(office.ask())
    for statement in ("UPDATE approval SET answer = 'lain'", "DELETE FROM approval"):
        with pytest.raises(DatabaseError, match="never change"), office.db.write() as tx:
            tx.execute(sa.text(statement))


def test_a_question_is_answered_once(office: Office) -> None:
    public_id = office.ask()
    service.refuse(office.db, public_id, office.other, "belum perlu", START + MINUTE)
    with pytest.raises(ApprovalOver):
        office.grant(public_id)
    assert office.done() == 0


def test_a_question_runs_out(office: Office) -> None:
    public_id = office.ask()
    with pytest.raises(ApprovalOver):
        office.grant(public_id, now=START + service.LIFE)
    assert office.done() == 0


def test_a_question_holds_until_its_last_moment(office: Office) -> None:
    office.grant(office.ask(), now=START + service.LIFE - MINUTE)
    assert office.done() == 1


def test_the_same_question_waits_only_once(office: Office) -> None:
    office.ask()
    with pytest.raises(AlreadyAsked):
        office.ask()


def test_a_question_that_ran_out_makes_room(office: Office) -> None:
    office.ask()
    again = office.ask(now=START + 4 * DAY)
    office.grant(again, now=START + 4 * DAY + MINUTE)
    assert office.done() == 1


def test_a_question_needs_a_reason(office: Office) -> None:
    with pytest.raises(ReasonMissing):
        office.ask("  ")


def test_a_refusal_needs_an_answer(office: Office) -> None:
    public_id = office.ask()
    with pytest.raises(ReasonMissing):
        service.refuse(office.db, public_id, office.other, " ", START + MINUTE)


def test_only_the_asker_takes_a_question_back(office: Office) -> None:
    public_id = office.ask()
    with pytest.raises(NotFound):
        service.withdraw(office.db, public_id, office.other, START + MINUTE)
    service.withdraw(office.db, public_id, office.asker, START + MINUTE)
    with pytest.raises(ApprovalOver):
        office.grant(public_id)


def test_an_act_that_is_refused_leaves_the_question_open(office: Office) -> None:
    def refusing(tx: Session, approval: Approval, now: datetime) -> None:
        raise Impossible

    public_id = office.ask()
    with pytest.raises(Impossible):
        service.grant(office.db, {KIND: refusing}, public_id, office.other, START + MINUTE)
    assert service.one(office.db, public_id).open(START + MINUTE)
    assert "approval.granted" not in office.acts()


def test_an_unknown_question_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.grant("nothing-of-that-name")


def test_officials_see_the_questions_of_their_offices(office: Office) -> None:
    office.ask()
    (asked,) = service.of_offices(office.db, [office.scene.office.id], START)
    assert (asked.asked_by, asked.decided_by, asked.open(START)) == ("Petugas admin", None, True)
    assert service.of_offices(office.db, [], START) == []
    assert len(service.of_offices(office.db, None, START)) == 1


def test_two_officials_who_grant_at_once_do_the_act_once(office: Office) -> None:
    public_id, third = office.ask(), add_official(office.db, "superadmin", None).id
    together, told = threading.Barrier(2), []

    def one(actor: int) -> None:
        together.wait(10)
        try:
            office.grant(public_id, actor)
            told.append("granted")
        except ApprovalOver:
            told.append("over")

    threads = [threading.Thread(target=one, args=(actor,)) for actor in (office.other, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["granted", "over"]
    assert office.done() == 1
