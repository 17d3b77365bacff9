"""Who a row is about may be told anew while the board is open: name, kecamatan, the accepted photo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server import retelling
from exam_server.db import Database
from exam_server.models import Account, Attempt, Profile
from exam_server.profile import service as profile
from exam_server.screening import service as screening
from exam_server.selection import service as selection
from tests.board.stand import Stand, named
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    START,
    Run,
    add,
    add_booked,
    add_official,
    add_profile,
    attempt_of,
    make_nik,
    make_phase,
)
from tests.profile.samples import GOOD
from tests.recovery.pleas import Town, asked, granted, make_town
from tests.screening.cast import agree_to_all, file_application

Screen = Callable[[], dict[str, dict[str, Any]]]


@pytest.fixture
def town(db: Database) -> Town:
    return make_town(db)


@pytest.fixture
def screen(db: Database, town: Town, clock: SetClock) -> Screen:
    """An open board: what frames told since the last look, by attempt, as a proctor's page keeps it."""
    stand = Stand(db, clock)
    admin = stand.admin(town.scene)
    stand.watch(admin, town.scene)

    def told() -> dict[str, dict[str, Any]]:
        before = len(stand.ear.told(admin))
        stand.tick()
        frames = stand.ear.told(admin)[before:]
        return {row[0]: named(row) for frame in frames for row in frame["rows"]}

    return told


@pytest.fixture
def run(db: Database, town: Town, screen: Screen) -> Run:
    """Somebody who booked while the board was open."""
    booked = add_booked(db, town.scene)
    add_profile(db, booked.candidate_id, town.scene.office)
    return booked


def rev(db: Database, run: Run) -> int:
    with db.read() as tx:
        return tx.get_one(Attempt, run.attempt_id).rev


def save(db: Database, run: Run, step: str, **changed: str) -> None:
    entries = GOOD[step] | ({"nik": make_nik()} if step == "identity" else {}) | changed
    typed = {name: one if isinstance(one, list) else [one] for name, one in entries.items()}
    profile.save_step(db, run.candidate_id, step, typed, START)


def test_a_name_that_is_put_right_comes_through(db: Database, run: Run, screen: Screen) -> None:
    before = screen()[run.public_id]["rev"]
    save(db, run, "identity", name="Citra Kirana")
    row = screen()[run.public_id]
    assert (row["name"], row["rev"]) == ("Citra Kirana", before + 1)


def test_a_kecamatan_that_is_put_right_comes_through(db: Database, run: Run, screen: Screen) -> None:
    before = screen()[run.public_id]["rev"]
    save(db, run, "domicile", kecamatan="Keling")
    row = screen()[run.public_id]
    assert (row["kecamatan"], row["rev"]) == ("Keling", before + 1)


@pytest.mark.parametrize("step", ["work", "means"])
def test_what_no_row_shows_tells_no_row(db: Database, run: Run, screen: Screen, step: str) -> None:
    before = rev(db, run)
    screen()
    save(db, run, step)
    assert screen() == {}
    assert rev(db, run) == before


def test_the_same_typed_again_tells_no_row(db: Database, run: Run, screen: Screen) -> None:
    save(db, run, "domicile")
    before = rev(db, run)
    screen()
    save(db, run, "domicile")
    assert (screen(), rev(db, run)) == ({}, before)


def test_a_refused_entry_tells_no_row(db: Database, run: Run, screen: Screen) -> None:
    before = rev(db, run)
    screen()
    with pytest.raises(profile.WrongEntries):
        save(db, run, "identity", name="Citra Kirana", birth_date="kemarin")
    assert (screen(), rev(db, run)) == ({}, before)


def with_a_photo(db: Database, town: Town) -> Run:
    """Somebody whose registration of that year was accepted with its photo, and who booked."""
    noon = START - 2 * HOUR
    filed, official = file_application(db, town.scene, noon), add_official(db, "screener", town.scene.office)
    agree_to_all(db, filed, official.id, noon)
    screening.accept(db, filed.public_id, 1, official.id, noon)
    selection.choose_sitting(db, filed.candidate_id, town.scene.sitting.public_id, noon)
    attempt = attempt_of(db, filed.candidate_id)
    return Run(filed.candidate_id, attempt.id, attempt.public_id, 0, "")


def test_who_is_forgotten_loses_name_and_face(db: Database, town: Town, screen: Screen) -> None:
    add(db, make_phase(town.scene.recruitment.id, "result", 9, opens_at=START, closes_at=START + DAY))
    run = with_a_photo(db, town)
    before = screen()[run.public_id]
    assert before["photo"]
    granted(db, town, asked(db, town, "erasure", account_id=run.candidate_id))
    row = screen()[run.public_id]
    assert (row["name"], row["kecamatan"], row["photo"]) == ("(dihapus)", "", False)
    assert row["rev"] > before["rev"]


def test_control_a_name_written_past_it_stays_the_old_one_on_an_open_board(
    db: Database, run: Run, screen: Screen
) -> None:
    screen()
    with db.write() as tx:
        tx.execute(sa.update(Account).where(Account.id == run.candidate_id).values(name="Citra Kirana"))
    assert screen() == {}


def test_the_rows_of_others_stay_as_they_are(db: Database, town: Town, run: Run) -> None:
    other, told = add_booked(db, town.scene), []
    db.subscribe("attempts", told.append)
    before = rev(db, other)
    with db.write() as tx:
        retelling.person(tx, run.candidate_id)
    assert told == [{"attempt_ids": {run.attempt_id}}]
    assert rev(db, other) == before


def test_who_has_no_row_is_told_to_nobody(db: Database, town: Town) -> None:
    told: list[dict[str, Any]] = []
    db.subscribe("attempts", told.append)
    with db.write() as tx:
        retelling.person(tx, town.holder.id)
    assert told == []


def test_only_entries_of_a_person_are_named_as_shown() -> None:
    assert {"name", *Profile.__table__.columns.keys()} >= retelling.SHOWN
