"""Phases: every instant of both real calendars is cut, and each side of each cut is probed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.demo import announce
from exam_server.errors import NotFound
from exam_server.models import Recruitment
from exam_server.offices import service
from exam_server.offices.rules import is_open, standing
from exam_server.offices.service import UnknownOffice
from tests.factories import DAY, START, add, add_scene, make_office, make_recruitment

TICK = timedelta(microseconds=1)
CALENDARS = {said["office"]["slug"]: said for said in announce.read_all()}
PUBLISHED = {
    slug: date.fromisoformat(said["recruitment"]["document_date"]) for slug, said in CALENDARS.items()
}


@pytest.fixture(params=sorted(CALENDARS))
def said(request: pytest.FixtureRequest, db: Database) -> dict[str, Any]:
    """One office's announcement, in the tables on its own date."""
    found = CALENDARS[request.param]
    with db.write() as tx:
        announce.bring_in(tx, found, PUBLISHED[request.param])
    return found


def test_there_are_two_calendars() -> None:
    assert sorted(CALENDARS) == ["jepara", "magetan"]


def test_every_stage_is_open_exactly_between_its_two_instants(db: Database, said: dict[str, Any]) -> None:
    slug = said["office"]["slug"]
    later = datetime(2024, 6, 1, tzinfo=UTC)
    dated = [stage for stage in service.announcement(db, slug, later).stages if stage.opens_at]
    assert dated
    for stage in dated:
        assert stage.opens_at is not None
        assert stage.closes_at is not None
        for now, wanted in ((stage.opens_at - TICK, "ahead"), (stage.opens_at, "open"),
                            (stage.opens_at + (stage.closes_at - stage.opens_at) / 2, "open"),
                            (stage.closes_at - TICK, "open"), (stage.closes_at, "over")):  # fmt: skip
            assert standing(stage.opens_at, stage.closes_at, now) == wanted, stage.kind


def test_the_last_announced_day_still_counts_until_local_midnight(db: Database, said: dict[str, Any]) -> None:
    (registration,) = [phase for phase in said["phases"] if phase["kind"] == "registration"]
    office = service.find_office(db, said["office"]["slug"])
    last = datetime.fromisoformat(registration["closes_on"]).replace(tzinfo=office.zone)
    found = {stage.kind: stage for stage in service.announcement(db, office.slug, last).stages}
    assert found["registration"].closes_at == last + DAY
    assert found["registration"].last_instant == last + DAY - TICK
    assert found["registration"].standing == "open"


def kinds_open(db: Database, slug: str, day: str) -> set[str]:
    office = service.find_office(db, slug)
    now = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=office.zone)
    return {stage.kind for stage in service.announcement(db, slug, now).stages if stage.standing == "open"}


def test_stages_overlap_as_each_office_announced_them(db: Database) -> None:
    for slug, said in CALENDARS.items():
        with db.write() as tx:
            announce.bring_in(tx, said, PUBLISHED[slug])
    assert {"registration", "screening", "test", "final"} <= kinds_open(db, "jepara", "2023-11-15")
    assert "registration" not in kinds_open(db, "jepara", "2023-12-01")
    assert {"screening", "test", "final"} <= kinds_open(db, "jepara", "2023-12-08")
    assert {"registration", "screening"} <= kinds_open(db, "magetan", "2023-11-15")
    assert "final" not in kinds_open(db, "magetan", "2023-11-30")
    assert "final" in kinds_open(db, "magetan", "2023-12-08")
    assert not {"screening", "final"} & kinds_open(db, "magetan", "2023-12-09")


def test_the_test_stage_of_magetan_has_no_dates_and_shuts_nobody_out(db: Database) -> None:
    with db.write() as tx:
        announce.bring_in(tx, CALENDARS["magetan"], PUBLISHED["magetan"])
        recruitment = tx.scalars(sa.select(Recruitment.id)).one()
        for now in (START - 3000 * DAY, START, START + 3000 * DAY):
            assert service.stage_is_open(tx, recruitment, "test", now)
            assert not service.stage_is_open(tx, recruitment, "a stage nobody announced", now)


def test_a_stage_without_dates_is_undated_and_open() -> None:
    assert standing(None, None, START) == "undated"
    assert is_open(None, None, START)


@pytest.mark.parametrize(
    ("now", "opened"),
    [(START - TICK, False), (START, True), (START + DAY - TICK, True), (START + DAY, False)],
)
def test_a_stage_admits_from_its_first_instant_to_before_its_last(now: datetime, opened: bool) -> None:
    assert is_open(START, START + DAY, now) is opened


def test_an_office_is_found_by_code_and_by_name(db: Database) -> None:
    scene = add_scene(db, items=0)
    for name in ("3320", "jepara", "Jepara", "JEPARA"):
        assert service.find_office(db, name).id == scene.office.id
    with pytest.raises(UnknownOffice):
        service.find_office(db, "demak")


def test_only_what_is_published_is_shown_and_the_newest_year_of_it(db: Database) -> None:
    scene = add_scene(db, items=0)
    add(db, make_recruitment(scene.office.id, year=2025, document_number="B-old"))
    add(db, make_recruitment(scene.office.id, year=2027, document_number="B-new", published_at=START + DAY))
    assert service.announcement(db, "jepara", START).document_number == "B-1/2026"
    assert service.announcement(db, "jepara", START + DAY).document_number == "B-new"
    with pytest.raises(NotFound):
        service.announcement(db, "jepara", START - 400 * DAY)
    with pytest.raises(UnknownOffice):
        service.announcement(db, "demak", START)


def test_the_front_page_names_every_office_with_what_is_open(db: Database) -> None:
    add_scene(db, items=0)
    add(db, make_office(code="9999", slug="baru", name="BPS Kabupaten Baru"))
    lines = {line.office.slug: line for line in service.headlines(db, START)}
    assert {stage.kind for stage in lines["jepara"].open_stages} == {
        "registration",
        "screening",
        "test",
        "final",
    }
    assert (lines["baru"].title, lines["baru"].open_stages) == (None, ())
    assert [office.slug for office in service.offices(db)] == ["baru", "jepara"]
