"""Applying and correcting on the announced days of both offices, at both sides of every cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.demo import announce
from exam_server.errors import Refusal
from exam_server.models import Requirement
from exam_server.registration import refusals, service
from tests.factories import DAY, add, add_account, make_document, make_profile
from tests.registration.people import TICK, ask, change_profile

OFFICES = ("jepara", "magetan")
LAST_DAYS = {"jepara": "2023-12-08", "magetan": "2023-11-30"}
"""Of screening, as announced."""

Acts = Callable[[datetime], str]


@pytest.fixture(params=OFFICES)
def slug(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def place(db: Database, slug: str) -> announce.Announced:
    """That office, announced on the day on which it really was."""
    (said,) = [one for one in announce.read_all() if one["office"]["slug"] == slug]
    day = datetime.fromisoformat(said["recruitment"]["document_date"]).date()
    with db.write() as tx:
        return announce.bring_in(tx, said, day)


def at(place: announce.Announced, day: str) -> datetime:
    """Midnight at which that day begins there."""
    return datetime.fromisoformat(day).replace(tzinfo=place.zone)


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return "sent"


@pytest.fixture
def candidate_id(db: Database, place: announce.Announced) -> int:
    before = at(place, "2023-10-20")
    account = add_account(db)
    add(db, make_profile(account.id, place.office_id))
    for kind in ("ktp", "photo", "ijazah"):
        add(db, make_document(account.id, kind, uploaded_at=before))
    return account.id


@pytest.fixture
def apply(db: Database, place: announce.Announced, candidate_id: int) -> Acts:
    with db.read() as tx:
        ticked = set(tx.scalars(sa.select(Requirement.position).where(Requirement.proof == "statement")))
    return lambda now: outcome(lambda: service.apply(db, candidate_id, place.registration_id, now, ticked))


@pytest.fixture
def resend(db: Database, place: announce.Announced, candidate_id: int, apply: Acts) -> Acts:
    """A correction asked on the last day of registration, whose deadline lies far away."""
    assert apply(at(place, "2023-11-02")) == "sent"
    asked_at = at(place, "2023-11-30") - timedelta(hours=12)
    with db.read() as tx:
        application = tx.scalars(sa.text("SELECT id FROM application")).one()
    ask(db, application, candidate_id, ("desa", "periksa"), asked_at=asked_at, due_at=asked_at + 90 * DAY)
    change_profile(db, candidate_id, desa="Wedelan")
    return lambda now: outcome(lambda: service.resend(db, candidate_id, now))


@pytest.mark.parametrize(
    ("day", "shift", "said"),
    [
        ("2023-11-01", -TICK, "registration_closed"),
        ("2023-11-01", 0 * TICK, "sent"),
        ("2023-11-15", 0 * TICK, "sent"),
        ("2023-12-01", -TICK, "sent"),
        ("2023-12-01", 0 * TICK, "registration_closed"),
        ("2023-12-08", 0 * TICK, "registration_closed"),
        ("2023-12-20", 0 * TICK, "registration_closed"),
    ],
)
def test_an_application_is_sent_in_november_only(
    place: announce.Announced, apply: Acts, day: str, shift: timedelta, said: str
) -> None:
    assert apply(at(place, day) + shift) == said


def test_a_correction_is_sent_on_the_day_after_registration_where_screening_still_runs(
    place: announce.Announced, resend: Acts, slug: str
) -> None:
    wanted = {"jepara": "sent", "magetan": "screening_closed"}
    assert resend(at(place, "2023-12-01")) == wanted[slug]


def test_a_correction_is_sent_until_the_last_instant_of_screening(
    place: announce.Announced, resend: Acts, slug: str
) -> None:
    end = at(place, LAST_DAYS[slug]) + DAY
    assert resend(end) == "screening_closed"
    assert resend(end - TICK) == "sent"


def test_an_application_without_its_statements_is_refused_at_both_offices(
    db: Database, place: announce.Announced, candidate_id: int
) -> None:
    with pytest.raises(refusals.StatementsMissing) as refused:
        service.apply(db, candidate_id, place.registration_id, at(place, "2023-11-02"))
    assert len(refused.value.positions) == 8
