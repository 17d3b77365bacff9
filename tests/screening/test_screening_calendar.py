"""Both real calendars: applications are decided exactly while the announced screening stage is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.demo import announce
from exam_server.models import Activity, Office, Phase, Screening
from exam_server.offices.service import stage_is_open
from exam_server.registration import service as registration
from exam_server.registration.refusals import RegistrationClosed
from exam_server.screening import service
from exam_server.screening.refusals import NotAllChecked, ScreeningClosed
from tests.factories import add_account, add_official
from tests.screening.cast import Filed, agree_to_all
from tests.screening.crowd import Place, add_crowd

TICK = timedelta(microseconds=1)
CALENDARS = {said["office"]["slug"]: said for said in announce.read_all()}


class Announced:
    """One office as it announced itself, with an application that waits for its decision."""

    def __init__(self, db: Database, said: dict[str, Any]) -> None:
        with db.write() as tx:
            announce.bring_in(tx, said, date.fromisoformat(said["recruitment"]["document_date"]))
        with db.read() as tx:
            self.office = tx.scalars(sa.select(Office)).one()
            self.activity = tx.scalars(sa.select(Activity).where(Activity.kind == "registration")).one()
            phases = tx.scalars(sa.select(Phase).where(Phase.recruitment_id == self.activity.recruitment_id))
            self.stages = {phase.kind: phase for phase in phases}
        self.db = db
        self.screener = add_official(db, "screener", self.office)
        opens_at, _ = self.span("registration")
        add_crowd(db, Place(self.activity, self.office), 1, opens_at)
        with db.read() as tx:
            row = tx.scalars(sa.select(Screening)).one()
        self.filed = Filed(0, row.application_id, row.public_id)

    def span(self, kind: str) -> tuple[datetime, datetime]:
        phase = self.stages[kind]
        if phase.opens_at is None or phase.closes_at is None:
            raise LookupError(kind)
        return phase.opens_at, phase.closes_at

    def decides(self, now: datetime) -> bool:
        """Whether the stage lets a decision through: what is not compared is then the only objection."""
        try:
            service.accept(self.db, self.filed.public_id, 1, self.screener.id, now)
        except ScreeningClosed:
            return False
        except NotAllChecked:
            return True
        raise AssertionError("it was accepted without having been compared")


@pytest.fixture(params=sorted(CALENDARS))
def announced(request: pytest.FixtureRequest, db: Database) -> Announced:
    return Announced(db, CALENDARS[request.param])


def test_decisions_fall_exactly_inside_the_announced_stage(announced: Announced) -> None:
    opens_at, closes_at = announced.span("screening")
    probes = {opens_at - TICK: False, opens_at: True, opens_at + (closes_at - opens_at) / 2: True,
              closes_at - TICK: True, closes_at: False}  # fmt: skip
    assert {now: announced.decides(now) for now in probes} == probes


def test_the_other_cuts_of_the_calendar_change_nothing(announced: Announced) -> None:
    opens_at, closes_at = announced.span("screening")
    cuts = {edge for phase in announced.stages.values() for edge in (phase.opens_at, phase.closes_at) if edge}
    assert len(cuts) >= 4
    for cut in cuts:
        for now in (cut - TICK, cut):
            assert announced.decides(now) is (opens_at <= now < closes_at), now


def test_in_jepara_screening_goes_on_after_registration_closed(db: Database) -> None:
    announced = Announced(db, CALENDARS["jepara"])
    _, closed = announced.span("registration")
    person = add_account(db)
    with db.read() as tx:
        assert not stage_is_open(tx, announced.activity.recruitment_id, "registration", closed)
    with pytest.raises(RegistrationClosed):
        registration.apply(db, person.id, announced.activity.id, closed)
    assert announced.decides(closed)
    assert announced.decides(announced.span("screening")[1] - TICK)


def test_in_magetan_both_stages_end_at_the_same_instant(db: Database) -> None:
    announced = Announced(db, CALENDARS["magetan"])
    assert announced.span("registration")[1] == announced.span("screening")[1]
    assert not announced.decides(announced.span("registration")[1])


def test_in_jepara_somebody_is_accepted_after_registration_closed(db: Database) -> None:
    announced = Announced(db, CALENDARS["jepara"])
    _, closed = announced.span("registration")
    agree_to_all(db, announced.filed, announced.screener.id, closed)
    service.accept(db, announced.filed.public_id, 1, announced.screener.id, closed)
    with db.read() as tx:
        assert tx.get_one(Screening, announced.filed.id).decision == "accepted"
