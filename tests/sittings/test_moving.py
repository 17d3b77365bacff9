"""A sitting moves later, by two officials, with all who are touched told, and its bookings as they were."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from exam_server.approvals import service as approvals
from exam_server.approvals.service import AlreadyAsked, ApprovalOver, ReasonMissing, SamePerson
from exam_server.board import service as board
from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.exam import lookups
from exam_server.exam import service as exam
from exam_server.exam.papers import ensure_paper
from exam_server.exam.refusals import OutsideWindow
from exam_server.models import Approval, AuditEntry, Booking, Mail, Notice, Phase, Sitting, SittingMove
from exam_server.selection import service as selection
from exam_server.sittings import moving
from exam_server.sittings.refusals import (
    AlreadyStarted,
    MoveNotLater,
    MoveOutsideStage,
    MoveShortens,
    MoveTooLong,
    SittingMoved,
    TimePassed,
)
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Scene,
    add_booked,
    add_official,
    add_scene,
    add_sitting,
)

ACTS = {moving.KIND: moving.apply}
LATER = START + 2 * DAY
NOW = START - DAY
TWO_HOURS = 2 * HOUR


class Desk:
    """One office with two admins, and its first sitting."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.scene: Scene = add_scene(db, sitting={"capacity": 40})
        self.asker = add_official(db, "admin", self.scene.office).id
        self.other = add_official(db, "admin", self.scene.office).id

    def ask(
        self, starts_at: datetime = LATER, length: timedelta = TWO_HOURS, reason: str = "listrik padam",
        now: datetime = NOW,
    ) -> str:  # fmt: skip
        return moving.ask(self.db, self.scene.sitting.id, starts_at, length, reason, self.asker, now)

    def grant(self, public_id: str, actor: int | None = None, now: datetime = NOW + MINUTE) -> None:
        approvals.grant(self.db, ACTS, public_id, actor or self.other, now)

    def sitting(self) -> Sitting:
        with self.db.read() as tx:
            return tx.get_one(Sitting, self.scene.sitting.id)

    def all(self, table: type[Any]) -> list[Any]:
        with self.db.read() as tx:
            return tx.execute(sa.select(*table.__table__.c).order_by(*table.__table__.primary_key)).all()

    def trail(self) -> list[AuditEntry]:
        with self.db.read() as tx:
            wanted = AuditEntry.object_kind.in_(("sitting", "notice"))
            return list(tx.scalars(sa.select(AuditEntry).where(wanted).order_by(AuditEntry.id)))


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)


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


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


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
    (row,) = board.snapshot(desk.db, desk.scene.selection.id, missed)
    assert row["phase"] == "absent"
    desk.grant(desk.ask(now=missed), now=missed + MINUTE)
    (row,) = board.snapshot(desk.db, desk.scene.selection.id, missed + MINUTE)
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


def run_a_start(desk: Desk) -> None:
    run = add_booked(desk.db, desk.scene)
    with desk.db.write() as tx:
        exam.start(tx, run.attempt_id, START)


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


def at_once(*acts: Callable[[], None]) -> list[str]:
    """What each came to, when all began together."""
    together, told = threading.Barrier(len(acts)), []

    def one(act: Callable[[], None]) -> None:
        together.wait(10)
        try:
            act()
            told.append("done")
        except Refusal as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(told)


def test_two_who_grant_at_once_move_it_once(desk: Desk) -> None:
    add_booked(desk.db, desk.scene)
    letters, third = len(desk.all(Mail)), add_official(desk.db, "superadmin", None).id
    public_id = desk.ask()
    told = at_once(lambda: desk.grant(public_id), lambda: desk.grant(public_id, third))
    assert told == [ApprovalOver.code, "done"]
    assert (len(desk.all(SittingMove)), len(desk.all(Mail)) - letters, len(desk.all(Notice))) == (1, 1, 1)


@pytest.mark.parametrize("turn", range(5))
def test_a_start_and_a_move_at_once_never_both_happen(desk: Desk, turn: int) -> None:
    run, public_id = add_booked(desk.db, desk.scene), desk.ask()
    with desk.db.write() as tx:
        ensure_paper(tx, run.attempt_id, START)

    def start() -> None:
        with desk.db.write() as tx:
            exam.start(tx, run.attempt_id, START)

    told = at_once(start, lambda: desk.grant(public_id, now=START))
    began = lookups.own_attempt(desk.db, run.candidate_id).facts.started_at is not None
    assert told in (["already_started", "done"], ["done", "outside_window"])
    assert (desk.sitting().starts_at == START) is began


def test_a_move_waits_for_a_start_that_is_not_committed_yet(desk: Desk) -> None:
    if desk.db.sqlite:
        assert desk.db.sqlite  # one writer at a time: there is no such moment
        return
    run, public_id = add_booked(desk.db, desk.scene), desk.ask()
    told: list[str] = []
    with desk.db.write() as tx:
        exam.start(tx, run.attempt_id, START)
        mover = threading.Thread(
            target=lambda: told.extend(at_once(lambda: desk.grant(public_id, now=START)))
        )
        mover.start()
        mover.join(0.3)
        assert told == []
    mover.join(20)
    assert told == ["already_started"]


PATH = "/desk/sittings/{}/move"


@pytest.fixture
def two(app: Flask, desk: Desk) -> tuple[Client, Client]:
    return Client(app).sign_in(desk.asker), Client(app).sign_in(desk.other)


def test_the_whole_way_over_the_pages(desk: Desk, two: tuple[Client, Client], clock: SetClock) -> None:
    clock.at = NOW
    run = add_booked(desk.db, desk.scene)
    asker, other = two
    path = PATH.format(desk.scene.sitting.public_id)
    assert 'value="2026-11-04"' in asker.get(path).text
    answer = asker.submit(path, day="2026-11-06", starts="08.00", minutes="120", reason="Listrik padam")
    page = answer.headers["Location"]
    assert "Menunggu petugas lain" in asker.get(page).text
    assert "Setujui:" not in asker.get(page).text
    alone = asker.submit(f"{page}/grant")
    assert alone.status_code == 409
    assert "Permintaan ini Anda ajukan sendiri" in alone.text
    seen = other.get(page).text
    assert "Setujui: pindahkan Sesi 1 ke Jumat, 6 November 2026 pukul 08.00 WIB" in seen
    assert "Listrik padam" in seen
    assert other.submit(f"{page}/grant").status_code == 303
    assert desk.sitting().starts_at == LATER
    detail = other.get(f"/desk/sittings/{desk.scene.sitting.public_id}").text
    assert "Dari Rabu, 4 November 2026 pukul 08.00 WIB ke Jumat, 6 November 2026" in detail
    public = other.get("/offices/jepara").text
    assert "menjadi Jumat, 6 November 2026 pukul 08.00 WIB" in public
    candidate = Client(asker.app).sign_in(run.candidate_id)
    assert "Jumat, 6 November 2026" in candidate.get("/booking").text


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"day": "besok"}, "start_unreadable", "Tulis tanggal dan jam mulai"),
        ({"starts": "8"}, "start_unreadable", "Tulis tanggal dan jam mulai"),
        ({"minutes": "dua"}, "length_unreadable", "dalam menit dengan angka"),
        ({"minutes": "60"}, "move_shortens", "paling sedikit 120 menit"),
        ({"day": "2026-11-03"}, "move_not_later", "waktu yang lebih akhir"),
        ({"day": "2026-12-24"}, "move_outside_stage", "di luar tahap Tes Kompetensi"),
        ({"reason": " "}, "reason_missing", "Tulis alasannya"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
def test_a_move_that_cannot_be_is_said_beside_its_field(
    desk: Desk, two: tuple[Client, Client], clock: SetClock, changed: dict[str, str], code: str, said: str
) -> None:
    clock.at = NOW
    typed = {"day": "2026-11-06", "starts": "08.00", "minutes": "120", "reason": "Listrik <padam>"} | changed
    path = PATH.format(desk.scene.sitting.public_id)
    answer = two[0].submit(path, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert ("Listrik &lt;padam&gt;" in answer.text) is ("reason" not in changed)
    assert two[0].post(path, **typed).get_json()["code"] == code
    assert desk.all(Approval) == []
