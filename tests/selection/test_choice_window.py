"""Until when a sitting may be chosen, and who is left behind by the clock when it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, Application, Mail, Phase, Preference
from exam_server.selection import service
from exam_server.selection.rules import choice_ends_at, has_lapsed, may_choose
from exam_server.selection.service import AlreadyChosen, ChoiceClosed, SittingFull, choose_sitting
from exam_server.selection.window import Lapsed, OwnChoice, Window, lapsed, own_choice
from tests.factories import (
    DAY,
    HOUR,
    START,
    Scene,
    add,
    add_accepted,
    add_account,
    add_applicant,
    add_booked,
    add_other_scene,
    add_scene,
    add_sitting,
    make_activity,
    make_phase,
    make_recruitment,
)

NOW = START - 3 * DAY
TICK = timedelta(microseconds=1)
DATED_END = START + 14 * DAY
LAST_ENTRY = START + HOUR


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def candidate(db: Database, scene: Scene) -> Account:
    return add_accepted(db, scene)


def undate(db: Database, scene: Scene) -> None:
    """The test stage loses its dates: the sittings are its dates."""
    set_stage(db, scene, opens_at=None, closes_at=None)


def set_stage(db: Database, scene: Scene, **values: Any) -> None:
    with db.write() as tx:
        tx.execute(
            sa.update(Phase)
            .where(Phase.recruitment_id == scene.recruitment.id, Phase.kind == "test")
            .values(**values)
        )


def letters(db: Database, account_id: int) -> list[Mail]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(Mail).where(Mail.account_id == account_id).order_by(Mail.id)))


@pytest.mark.parametrize(
    ("closes_at", "entries", "ends_at"),
    [
        (START, [START + DAY], START),
        (START, [], START),
        (None, [START, START + DAY, START - DAY], START + DAY),
        (None, [], None),
    ],
)
def test_the_window_ends_with_its_stage_or_with_the_latest_last_entry(
    closes_at: datetime | None, entries: list[datetime], ends_at: datetime | None
) -> None:
    assert choice_ends_at(closes_at, entries) == ends_at


@pytest.mark.parametrize(
    ("now", "open_then", "over"),
    [
        (START - TICK, False, False),
        (START, True, False),
        (START + DAY - TICK, True, False),
        (START + DAY, False, True),
        (START + DAY + TICK, False, True),
    ],
)
def test_the_window_is_half_open_and_who_has_not_chosen_lapses_at_its_end(
    now: datetime, open_then: bool, over: bool
) -> None:
    assert may_choose(START, START + DAY, now) is open_then
    assert has_lapsed(START - DAY, START + DAY, now) is over
    assert may_choose(None, None, now)
    assert not has_lapsed(START - DAY, None, now)
    assert not has_lapsed(START + DAY, START + DAY, now), "accepted too late to choose"


def test_an_accepted_candidate_may_choose_until_a_dated_stage_closes(
    db: Database, scene: Scene, candidate: Account
) -> None:
    window = Window(START - 14 * DAY, DATED_END)
    assert own_choice(db, candidate.id, DATED_END - TICK) == OwnChoice(True, False, window, False)
    assert own_choice(db, candidate.id, DATED_END) == OwnChoice(True, False, window, True)


def test_an_undated_stage_ends_with_the_latest_last_entry_of_its_sittings(
    db: Database, scene: Scene, candidate: Account
) -> None:
    undate(db, scene)
    add_sitting(db, scene.selection.id, starts_at=START - DAY, ends_at=START - DAY + 2 * HOUR)
    assert own_choice(db, candidate.id, LAST_ENTRY - TICK).lapsed is False
    assert own_choice(db, candidate.id, LAST_ENTRY) == OwnChoice(True, False, Window(None, LAST_ENTRY), True)
    with pytest.raises(ChoiceClosed):
        service.offered(db, candidate.id, LAST_ENTRY)
    with pytest.raises(ChoiceClosed):
        choose_sitting(db, candidate.id, scene.sitting.public_id, LAST_ENTRY)


def test_a_sitting_that_is_added_later_opens_an_undated_window_again(
    db: Database, scene: Scene, candidate: Account
) -> None:
    undate(db, scene)
    later = add_sitting(db, scene.selection.id, starts_at=START + DAY, ends_at=START + DAY + 2 * HOUR)
    assert own_choice(db, candidate.id, LAST_ENTRY).lapsed is False
    assert choose_sitting(db, candidate.id, later.public_id, LAST_ENTRY).sitting.label == later.label


def test_an_undated_stage_without_sittings_has_no_end_yet(db: Database) -> None:
    scene = add_scene(db, items=0)
    recruitment = add(db, make_recruitment(scene.office.id, year=2027))
    add(db, make_phase(recruitment.id, "test", opens_at=None, closes_at=None))
    selection = add(db, make_activity(recruitment, "selection"))
    candidate = add_account(db)
    add(db, Application(candidate_id=candidate.id, activity_id=selection.id, year=2027, kind="selection",
                        applied_at=START - DAY))  # fmt: skip
    mine = own_choice(db, candidate.id, START + 99 * DAY)
    assert mine == OwnChoice(True, False, Window(None, None), False)
    assert service.offered(db, candidate.id, START + 99 * DAY) == []


def test_without_an_announced_test_stage_nobody_chooses_and_nobody_lapses(
    db: Database, scene: Scene, candidate: Account
) -> None:
    with db.write() as tx:
        tx.execute(sa.delete(Phase).where(Phase.kind == "test"))
    assert own_choice(db, candidate.id, START + 99 * DAY) == OwnChoice(True, False, None, False)
    assert lapsed(db, scene.selection.id, START + 99 * DAY) == []
    with pytest.raises(ChoiceClosed):
        service.offered(db, candidate.id, NOW)


def test_who_was_not_accepted_or_has_chosen_does_not_lapse(db: Database, scene: Scene) -> None:
    applicant, booked = add_applicant(db, scene), add_booked(db, scene)
    assert own_choice(db, applicant.id, DATED_END) == OwnChoice()
    assert own_choice(db, add_account(db).id, DATED_END) == OwnChoice()
    mine = own_choice(db, booked.candidate_id, DATED_END)
    assert (mine.accepted, mine.booked, mine.lapsed) == (True, True, False)


def test_everybody_who_lapsed_is_listed_by_name_and_nobody_else(db: Database, scene: Scene) -> None:
    wati, adi = (add_accepted(db, scene, name=name) for name in ("Wati", "Adi"))
    add_booked(db, scene)
    add_applicant(db, scene)
    add_accepted(db, add_other_scene(db))
    assert lapsed(db, scene.selection.id, DATED_END - TICK) == []
    assert lapsed(db, scene.selection.id, DATED_END) == [Lapsed(adi.id, "Adi"), Lapsed(wati.id, "Wati")]


def test_who_has_chosen_keeps_the_answer_after_the_window(
    db: Database, scene: Scene, candidate: Account
) -> None:
    other = add_sitting(db, scene.selection.id, label="Sesi 2")
    first = choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    assert choose_sitting(db, candidate.id, scene.sitting.public_id, DATED_END).public_id == first.public_id
    with pytest.raises(AlreadyChosen):
        choose_sitting(db, candidate.id, other.public_id, DATED_END)


def test_the_first_choice_is_told_by_one_letter_with_both_ends(
    db: Database, scene: Scene, candidate: Account
) -> None:
    choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    choose_sitting(db, candidate.id, scene.sitting.public_id, NOW + HOUR)
    (letter,) = letters(db, candidate.id)
    assert letter.subject == "Sesi Tes Kompetensi Anda: Rabu, 4 November 2026 pukul 08.00 WIB"
    assert letter.written_at == NOW
    for said in (
        "Masuk paling lambat: sebelum Rabu, 4 November 2026 pukul 09.00 WIB",
        "Bila mulai Rabu, 4 November 2026 pukul 08.00 WIB, "
        "selesai Rabu, 4 November 2026 pukul 09.00 WIB",
        "Bila mulai Rabu, 4 November 2026 pukul 09.00 WIB, "
        "selesai Rabu, 4 November 2026 pukul 10.00 WIB",
        "/booking",
    ):  # fmt: skip
        assert said in letter.body


def test_a_refused_choice_sends_no_letter(db: Database, candidate: Account, scene: Scene) -> None:
    small = add_sitting(db, scene.selection.id, label="Sesi kecil", capacity=1)
    choose_sitting(db, add_accepted(db, scene).id, small.public_id, NOW)
    with pytest.raises(SittingFull):
        choose_sitting(db, candidate.id, small.public_id, NOW)
    assert letters(db, candidate.id) == []


def test_the_letter_spells_instants_in_the_language_of_its_reader(
    db: Database, scene: Scene, candidate: Account
) -> None:
    add(db, Preference(account_id=candidate.id, language="en"))
    choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    assert "Wednesday, 4 November 2026 at 09.00 WIB" in letters(db, candidate.id)[0].body
