"""A sitting moves later, by two officials, with all who are touched told, and its bookings as they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from exam_server.approvals import service as approvals
from exam_server.approvals.service import AlreadyAsked, ReasonMissing, SamePerson
from exam_server.errors import Refusal
from exam_server.exam import lookups
from exam_server.exam import service as exam
from exam_server.exam.refusals import OutsideWindow
from exam_server.models import Approval, Booking, Mail, Notice, Phase, Sitting, SittingMove
from exam_server.selection import service as selection
from exam_server.sittings.refusals import (
    AlreadyStarted,
    MoveNotLater,
    MoveOutsideStage,
    MoveShortens,
    MoveTooLong,
    SittingMoved,
    TimePassed,
)
from tests.board.stand import row_of
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    add_booked,
    add_sitting,
)
from tests.sittings.moving_desk import LATER, TWO_HOURS, Desk, ms, run_a_start


def test_asking_alone_moves_nothing(desk: Desk) -> None:
    desk.ask()
    assert desk.sitting().starts_at == START


def test_the_asker_cannot_grant_the_move(desk: Desk) -> None:
    public_id = desk.ask()
    with pytest.raises(SamePerson):
        desk.grant(public_id, desk.asker)
    assert desk.sitting().starts_at == START
    assert desk.all(SittingMove) == []


def test_a_second_official_moves_40_people_who_are_all_told(desk: Desk) -> None:
    for _ in range(40):
        add_booked(desk.db, desk.scene)
    bookings, letters = desk.all(Booking), len(desk.all(Mail))
    assert len(bookings) == 40
    public_id = desk.ask()
    desk.grant(public_id)
    moved = desk.sitting()
    assert (moved.starts_at, moved.ends_at, moved.taken) == (LATER, LATER + TWO_HOURS, 40)
    sent = desk.all(Mail)[letters:]
    assert len({one.recipient for one in sent}) == 40 == len(sent)
    for told in ("Rabu, 4 November 2026 pukul 08.00 WIB", "Jumat, 6 November 2026 pukul 08.00 WIB",
                 "sebelum Jumat, 6 November 2026 pukul 09.00 WIB", "Alasan: listrik padam",
                 "Pilihan Anda sendiri tidak berubah"):  # fmt: skip
        assert all(told in one.body for one in sent), told
    assert desk.all(Booking) == bookings
    (notice,) = desk.all(Notice)
    assert "berubah dari Rabu, 4 November 2026 pukul 08.00 WIB menjadi Jumat, 6" in notice.text["id"]
    assert "listrik padam" in notice.text["id"]
    (move,) = desk.all(SittingMove)
    assert (move.from_starts_at, move.to_starts_at, move.reason) == (START, LATER, "listrik padam")
    asked, granted, published, done = desk.trail()
    assert [one.act for one in (asked, granted, published, done)] == [
        "approval.asked",
        "approval.granted",
        "notice.published",
        "sitting.moved",
    ]
    assert (asked.actor_id, granted.actor_id, done.actor_id) == (desk.asker, desk.other, desk.other)
    assert {one.office_id for one in (asked, granted, published, done)} == {desk.scene.office.id}
    assert done.detail == {
        "sitting": moved.public_id, "from_starts_at": ms(START), "from_ends_at": ms(START + TWO_HOURS),
        "starts_at": ms(LATER), "ends_at": ms(LATER + TWO_HOURS), "approval": public_id,
        "asked_by": desk.asker, "letters": 40, "reason": "listrik padam",
    }  # fmt: skip


def test_bookings_cannot_be_touched_at_all(desk: Desk) -> None:
    add_booked(desk.db, desk.scene)
    for statement in ("UPDATE booking SET chosen_at = chosen_at + 1", "DELETE FROM booking"):
        with pytest.raises(DatabaseError, match="never change"), desk.db.write() as tx:
            tx.execute(sa.text(statement))


def test_what_a_candidate_sees_follows_the_move(desk: Desk) -> None:
    run = add_booked(desk.db, desk.scene)
    desk.grant(desk.ask())
    receipt = selection.booking_of(desk.db, run.candidate_id)
    assert receipt is not None
    assert (receipt.sitting.starts_at, receipt.sitting.last_entry_at) == (LATER, LATER + HOUR)
    own = lookups.own_attempt(desk.db, run.candidate_id)
    assert own.phase(START + MINUTE) == ("waiting", LATER)
    assert own.phase(LATER) == ("ready", LATER + HOUR)
    assert own.phase(LATER + HOUR) == ("absent", None)


def test_who_was_absent_waits_again_and_can_sit(desk: Desk) -> None:
    run = add_booked(desk.db, desk.scene)
    missed = START + 90 * MINUTE
    assert lookups.own_attempt(desk.db, run.candidate_id).phase(missed)[0] == "absent"
    row = row_of(desk.db, desk.scene, run, missed)
    assert row["phase"] == "absent"
    desk.grant(desk.ask(now=missed), now=missed + MINUTE)
    row = row_of(desk.db, desk.scene, run, missed + MINUTE)
    assert (row["phase"], row["until"]) == ("waiting", ms(LATER))
    with desk.db.write() as tx:
        exam.start(tx, run.attempt_id, LATER + MINUTE)
    assert lookups.own_attempt(desk.db, run.candidate_id).phase(LATER + MINUTE)[0] == "running"


def test_the_old_time_opens_no_door_any_more(desk: Desk) -> None:
    run = add_booked(desk.db, desk.scene)
    desk.grant(desk.ask())
    with pytest.raises(OutsideWindow), desk.db.write() as tx:
        exam.start(tx, run.attempt_id, START)


def test_boards_are_told_after_the_commit(desk: Desk) -> None:
    run, heard = add_booked(desk.db, desk.scene), []
    desk.db.subscribe("attempts", heard.append)
    desk.grant(desk.ask())
    assert heard == [{"attempt_ids": {run.attempt_id}}]


def test_a_longer_sitting_ends_later(desk: Desk) -> None:
    desk.grant(desk.ask(length=3 * HOUR))
    assert desk.sitting().ends_at == LATER + 3 * HOUR


@pytest.mark.parametrize(
    ("starts_at", "length", "refusal"),
    [
        (START, TWO_HOURS, MoveNotLater),
        (START - HOUR, TWO_HOURS, MoveNotLater),
        (LATER, TWO_HOURS - MINUTE, MoveShortens),
        (LATER, DAY + MINUTE, MoveTooLong),
        (START + 14 * DAY - HOUR, TWO_HOURS, MoveOutsideStage),
    ],
    ids=["same time", "earlier", "shorter", "endless", "outside its stage"],
)
def test_what_cannot_be_is_not_even_asked(
    desk: Desk, starts_at: datetime, length: timedelta, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        desk.ask(starts_at, length)
    assert desk.all(Approval) == []


def test_a_time_that_has_passed_is_not_asked_for(desk: Desk) -> None:
    with pytest.raises(MoveNotLater):
        desk.ask(START + HOUR, now=START + HOUR)


def test_to_the_end_of_the_stage_is_within_it(desk: Desk) -> None:
    desk.grant(desk.ask(START + 14 * DAY - TWO_HOURS))
    assert desk.sitting().ends_at == START + 14 * DAY


def test_a_stage_without_dates_takes_any_later_time(desk: Desk) -> None:
    with desk.db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "test").values(opens_at=None, closes_at=None))
    desk.grant(desk.ask(START + 60 * DAY))
    assert desk.sitting().starts_at == START + 60 * DAY


def test_a_move_needs_a_reason_and_waits_only_once(desk: Desk) -> None:
    with pytest.raises(ReasonMissing):
        desk.ask(reason=" ")
    desk.ask()
    with pytest.raises(AlreadyAsked):
        desk.ask(LATER + DAY)


def move_it_elsewhere(desk: Desk) -> None:
    with desk.db.write() as tx:
        tx.execute(sa.update(Sitting).values(starts_at=START + HOUR, ends_at=START + 3 * HOUR))


def shorten_the_stage(desk: Desk) -> None:
    with desk.db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "test").values(closes_at=START + DAY))


@pytest.mark.parametrize(
    ("meanwhile", "refusal", "now"),
    [
        (run_a_start, AlreadyStarted, START + MINUTE),
        (move_it_elsewhere, SittingMoved, START + MINUTE),
        (shorten_the_stage, MoveOutsideStage, START + MINUTE),
        (lambda desk: None, TimePassed, START + DAY),
    ],
    ids=["somebody began", "stale", "the stage ends earlier", "the new time passed"],
)
def test_what_changed_since_the_question_is_not_moved(
    desk: Desk, meanwhile: Callable[[Desk], None], refusal: type[Refusal], now: datetime
) -> None:
    public_id = desk.ask(START + DAY)
    meanwhile(desk)
    before, letters = desk.sitting().starts_at, len(desk.all(Mail))
    with pytest.raises(refusal):
        desk.grant(public_id, now=now)
    assert desk.sitting().starts_at == before
    assert (desk.all(SittingMove), desk.all(Notice), len(desk.all(Mail))) == ([], [], letters)
    assert approvals.one(desk.db, public_id).open(now)


def test_after_a_start_a_move_is_not_asked_for(desk: Desk) -> None:
    run_a_start(desk)
    with pytest.raises(AlreadyStarted):
        desk.ask(now=START + MINUTE)


def test_the_second_official_is_told_what_stands_in_the_way(desk: Desk) -> None:
    add_sitting(desk.db, desk.scene.selection.id, label="Sesi 9", place="Aula", starts_at=LATER + 3 * HOUR,
                ends_at=LATER + 5 * HOUR)  # fmt: skip
    with desk.db.write() as tx:
        tx.execute(sa.update(Sitting).values(place="Aula"))
    asked = approvals.one(desk.db, desk.ask(LATER + 4 * HOUR))
    assert asked.approval.evidence["concerns"] == [["friday_prayer", {}], ["room", {"label": "Sesi 9"}]]
    assert asked.approval.evidence["bookings"] == 0


def test_a_draft_has_no_public_to_tell(desk: Desk) -> None:
    with desk.db.write() as tx:
        tx.execute(sa.text("UPDATE recruitment SET published_at = NULL"))
    desk.grant(desk.ask())
    assert desk.all(Notice) == []
    assert desk.sitting().starts_at == LATER
