"""A rescue file is evidence that anybody could forge: checked when it is loaded, counted only by two."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from exam_server.approvals.service import AlreadyAsked, ReasonMissing, SamePerson
from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.exam import journal
from exam_server.exam import service as exam
from exam_server.exam.replay import Entry, replay
from exam_server.exam.settling import settle, unsettled
from exam_server.extra_time import attempts, counting, filing, rescue
from exam_server.extra_time.refusals import (
    ClosedByOffice,
    FileBadEntry,
    FileMissing,
    FileOfAnother,
    FileOfOtherPaper,
    FileTooLarge,
    FileUnreadable,
    FileVersion,
    HandedIn,
    NotBegun,
    NothingNewer,
    OlderDevice,
)
from exam_server.extra_time.rescue import Belongs
from exam_server.extra_time.words import told_rescue
from exam_server.models import Approval, Attempt, JournalEntry, RescueFile, Response, to_micros
from tests.extra_time.samples import (
    DEADLINE,
    SWEPT,
    Day,
    a_day,
    chosen,
    close,
    grant_question,
    rescue_entry,
    rescue_file,
    save,
    submit,
    trail,
)
from tests.factories import MINUTE, START, add_booked, add_running, add_session

NOW = START + 30 * MINUTE
AFTER = DEADLINE + 20 * MINUTE
WHOSE = Belongs("attempt", "paper", [4, 4, 2])


@pytest.fixture
def day(db: Database) -> Day:
    return a_day(db)


def load(day: Day, *answers: dict[str, Any], at: datetime = AFTER, **changed: Any) -> str:
    return filing.load(day.db, day.run.attempt_id, rescue_file(day.db, day.run, *answers, **changed),
                       day.proctor, at)  # fmt: skip


def ask(day: Day, file: str, at: datetime = AFTER, reason: str = "jaringan desa mati") -> str:
    return counting.ask(day.db, day.run.attempt_id, file, reason, day.proctor, at)


def files(day: Day) -> list[filing.Filed]:
    found = attempts.own(day.db, day.run.public_id, day.root, AFTER)
    return filing.files(day.db, found, AFTER)


def count(day: Day, table: type[Any]) -> int:
    with day.db.read() as tx:
        return int(tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_a_file_is_kept_as_evidence_and_changes_nothing(day: Day) -> None:
    save(day.db, day.run, NOW, position=1, seq=3)
    close(day.db, day.run)
    public_id = load(day, rescue_entry(1, seq=3), rescue_entry(2, seq=1), rescue_entry(3, seq=1, option=None))
    (file,) = files(day)
    assert (file.public_id, file.uploaded_by, file.uploaded_at) == (public_id, "Petugas proctor", AFTER)
    assert (file.positions, file.newer) == ((1, 2, 3), (2, 3))
    assert chosen(day.db, day.run) == {1: 1}
    (row,) = trail(day.db, "rescue.loaded")
    assert (row.actor_id, row.object_id, row.detail["count"]) == (day.proctor, day.run.attempt_id, 3)


def test_the_same_file_again_is_the_one_that_is_there(day: Day) -> None:
    assert load(day) == load(day)
    assert len(files(day)) == 1
    assert len(trail(day.db, "rescue.loaded")) == 1


def test_a_file_before_the_start_is_refused(day: Day) -> None:
    waiting = add_booked(day.db, day.scene)
    with pytest.raises(NotBegun):
        filing.load(day.db, waiting.attempt_id, b"{}", day.proctor, NOW)
    assert count(day, RescueFile) == 0


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"kind": "hadiah"}, FileUnreadable),
        ({"version": 2}, FileVersion),
        ({"version": True}, FileVersion),
        ({"attempt": "milik-orang-lain"}, FileOfAnother),
        ({"paper": "0" * 64}, FileOfOtherPaper),
        ({"lease": "1"}, FileUnreadable),
        ({"lease": -1}, FileUnreadable),
        ({"made_at": "kemarin"}, FileUnreadable),
        ({"made_at": 10**30}, FileUnreadable),
        ({"entries": None}, FileUnreadable),
        ({"entries": []}, FileUnreadable),
        ({"entries": {"1": 2}}, FileUnreadable),
        ({"entries": [rescue_entry()] * 17}, FileUnreadable),
        ({"entries": [rescue_entry(), rescue_entry(5)]}, FileBadEntry),
        ({"entries": [rescue_entry(option=5)]}, FileBadEntry),
        ({"entries": [rescue_entry(option=0)]}, FileBadEntry),
        ({"entries": [rescue_entry(seq=0)]}, FileBadEntry),
        ({"entries": [rescue_entry(seq=1.5)]}, FileBadEntry),
        ({"entries": [rescue_entry(seq=2**31)]}, FileBadEntry),
        ({"entries": [rescue_entry(flagged="ya")]}, FileBadEntry),
        ({"entries": [rescue_entry(chosen_at=-1)]}, FileBadEntry),
        ({"entries": ["soal 1"]}, FileBadEntry),
    ],
    ids=str,
)
def test_a_file_that_does_not_fit_is_refused_and_not_kept(
    day: Day, changed: dict[str, Any], refusal: type[Refusal]
) -> None:
    assert load(day)
    with pytest.raises(refusal):
        load(day, **changed)
    assert count(day, RescueFile) == 1


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(b"", FileMissing), (b" " * 65537, FileTooLarge), (b"\xff\xfe", FileUnreadable),
     (b"bukan json", FileUnreadable), (b"[" * 60000, FileUnreadable), (b"[1]", FileUnreadable),
     (b'{"kind": ' + b"9" * 5000 + b"}", FileUnreadable)],
    ids=["nothing", "too large", "no text", "no JSON", "brackets", "a list", "a number without end"],
)  # fmt: skip
def test_bytes_that_are_no_file_of_ours_are_refused(day: Day, content: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        filing.load(day.db, day.run.attempt_id, content, day.proctor, NOW)
    assert count(day, RescueFile) == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


ENTRY = st.fixed_dictionaries(
    {"position": JSON, "seq": JSON, "option": JSON, "flagged": st.booleans() | JSON, "chosen_at": JSON}
)


@given(lease=st.just(1) | JSON, made_at=JSON, entries=st.lists(ENTRY | JSON) | JSON)
def test_whatever_a_file_says_it_is_read_or_refused(lease: Any, made_at: Any, entries: Any) -> None:
    said = {"kind": "rescue", "version": 1, "attempt": "attempt", "paper": "paper", "lease": lease,
            "made_at": made_at, "entries": entries}  # fmt: skip
    try:
        answers = rescue.read(json.dumps(said).encode(), WHOSE).answers
    except (FileUnreadable, FileBadEntry):
        answers = ()
    assert all(1 <= kept.item.position <= 3 and kept.item.seq >= 1 for kept in answers)


def test_of_one_position_the_newest_entry_is_read() -> None:
    said = {"kind": "rescue", "version": 1, "attempt": "attempt", "paper": "paper", "lease": 1,
            "entries": [rescue_entry(1, 2, 4), rescue_entry(1, 5, 3, chosen_at=7),
                        rescue_entry(1, 4, 1)]}  # fmt: skip
    (kept,) = rescue.read(json.dumps(said).encode(), WHOSE).answers
    assert (kept.item.seq, kept.item.option) == (5, 3)
    assert to_ms(kept.chosen_at) == 7


def test_two_officials_let_newer_answers_count_as_of_the_deadline(day: Day) -> None:
    save(day.db, day.run, NOW, position=1, seq=3, option=1)
    close(day.db, day.run)
    file = load(day, rescue_entry(1, seq=2, option=4), rescue_entry(2, seq=1, option=3))
    question = ask(day, file)
    assert chosen(day.db, day.run) == {1: 1}
    grant_question(day.db, question, day.other, AFTER + MINUTE)
    assert chosen(day.db, day.run) == {1: 1, 2: 3}
    with day.db.read() as tx:
        stored = tx.get_one(Response, (day.run.attempt_id, 2))
    assert stored.arrived_at == DEADLINE
    assert (day.attempt().how, day.attempt().finalised_at) == ("clock", DEADLINE)
    (row,) = trail(day.db, "rescue.counted")
    assert (row.actor_id, row.at, row.office_id) == (day.other, AFTER + MINUTE, day.scene.office.id)
    assert (row.detail["count"], row.detail["asked_by"], row.detail["reason"]) == (
        1,
        day.proctor,
        "jaringan desa mati",
    )
    (shown,) = files(day)
    assert (shown.newer, shown.counted_at, shown.waiting) == ((), AFTER + MINUTE, False)


def test_a_counted_file_is_sealed_and_scored_again_by_itself(day: Day) -> None:
    close(day.db, day.run)
    with day.db.write() as tx:
        assert settle(tx, day.run.attempt_id, "s" * 40, SWEPT)
    assert unsettled(day.db) == []
    heard: list[dict[str, object]] = []
    day.db.subscribe("unsettled", heard.append)
    grant_question(day.db, ask(day, load(day)), day.other, AFTER)
    assert heard == [{"attempt_id": day.run.attempt_id}]
    assert unsettled(day.db) == [day.run.attempt_id]
    with day.db.read() as tx:
        newest = tx.scalars(sa.select(JournalEntry).order_by(JournalEntry.number.desc()).limit(1)).one()
        told = [(one.number, to_micros(one.at), one.kind, one.data, one.seal)
                for one in journal.entries(tx, day.run.attempt_id)]  # fmt: skip
    replayed = replay(day.run.attempt_id, [Entry(*one) for one in told])
    assert (replayed.contradictions, replayed.responses[1].option) == ([], 2)
    assert newest.kind == "counted"
    assert json.loads(newest.data)["source"] == "rescue"


def test_while_the_time_runs_a_counted_answer_is_stored_as_of_now(day: Day) -> None:
    rev = day.attempt().rev
    grant_question(day.db, ask(day, load(day, at=NOW), NOW), day.other, NOW)
    with day.db.read() as tx:
        assert tx.get_one(Response, (day.run.attempt_id, 1)).arrived_at == NOW
    assert day.attempt().rev > rev, "the board sees it"


def test_the_asker_cannot_let_it_count(day: Day) -> None:
    close(day.db, day.run)
    question = ask(day, load(day))
    with pytest.raises(SamePerson):
        grant_question(day.db, question, day.proctor, AFTER)
    assert chosen(day.db, day.run) == {}


def handed_in(day: Day) -> None:
    submit(day.db, day.run, NOW)


def closed_by_office(day: Day) -> None:
    with day.db.write() as tx:
        tx.execute(sa.update(Attempt).values(finalised_at=NOW, how="official"))


def taken_over(day: Day) -> None:
    other = add_session(day.db, day.run.candidate_id, NOW)
    with day.db.write() as tx:
        exam.join(tx, day.run.attempt_id, other.session_id, "Laptop", True, NOW)


def saved_since(day: Day) -> None:
    save(day.db, day.run, NOW, seq=9)


REFUSED = [(handed_in, HandedIn), (closed_by_office, ClosedByOffice), (taken_over, OlderDevice),
           (saved_since, NothingNewer)]  # fmt: skip


@pytest.mark.parametrize(("happened", "refusal"), REFUSED)
def test_what_cannot_count_is_not_even_asked(
    day: Day, happened: Callable[[Day], None], refusal: type[Refusal]
) -> None:
    file = load(day, at=NOW)
    happened(day)
    with pytest.raises(refusal):
        ask(day, file)
    assert count(day, Approval) == 0


@pytest.mark.parametrize(("happened", "refusal"), REFUSED)
def test_what_changed_since_it_was_asked_decides(
    day: Day, happened: Callable[[Day], None], refusal: type[Refusal]
) -> None:
    question = ask(day, load(day, at=NOW), NOW)
    happened(day)
    before = chosen(day.db, day.run)
    with pytest.raises(refusal):
        grant_question(day.db, question, day.other, AFTER)
    assert chosen(day.db, day.run) == before
    assert trail(day.db, "approval.granted", "rescue.counted") == []


def test_a_file_from_a_page_that_never_held_the_exam_counts_like_the_newest(day: Day) -> None:
    close(day.db, day.run)
    grant_question(day.db, ask(day, load(day, lease=0)), day.other, AFTER)
    assert chosen(day.db, day.run) == {1: 2}


def test_what_the_file_itself_places_behind_the_grace_does_not_count(day: Day) -> None:
    close(day.db, day.run)
    late = to_ms(DEADLINE) + 10_000
    file = load(day, rescue_entry(1, chosen_at=late), rescue_entry(2, chosen_at=late - 1))
    grant_question(day.db, ask(day, file), day.other, AFTER)
    assert chosen(day.db, day.run) == {2: 2}


def test_a_file_of_another_attempt_is_not_found(day: Day) -> None:
    file, other = load(day), add_running(day.db, day.scene)
    with pytest.raises(NotFound):
        counting.ask(day.db, other.attempt_id, file, "salah orang", day.proctor, NOW)
    assert count(day, Approval) == 0


def test_a_question_needs_a_reason_and_waits_once(day: Day) -> None:
    file = load(day)
    with pytest.raises(ReasonMissing):
        ask(day, file, reason=" ")
    ask(day, file)
    with pytest.raises(AlreadyAsked):
        ask(day, file)
    assert count(day, Approval) == 1


def test_the_second_official_reads_positions_and_a_warning_and_never_a_choice(day: Day) -> None:
    ask(day, load(day, rescue_entry(2, option=4), rescue_entry(3, option=4)))
    with day.db.read() as tx:
        approval = tx.scalars(sa.select(Approval)).one()
    told = told_rescue(approval, "id")
    assert "2, 3" in [value for _, value in told.facts]
    assert "dapat dipalsukan" in told.concerns[0]
    assert told.path == f"/attempts/{day.run.public_id}"
    assert "option" not in json.dumps([approval.payload, approval.evidence])
