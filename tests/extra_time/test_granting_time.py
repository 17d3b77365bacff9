"""Time for one attempt: told before it is given, given at once, and never to what was handed in."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.exam.refusals import AlreadySubmitted, ClosedByOfficial
from exam_server.exam.settling import settle, unsettled
from exam_server.extra_time import attempts, giving, granting, records, rules, sittings, wanted
from exam_server.extra_time.refusals import (
    AccommodatedAlready,
    EntryWouldClose,
    MinutesUnreadable,
    ReasonUnknown,
    WholeSitting,
    WordsMissing,
    WordsTooLong,
)
from exam_server.extra_time.wanted import Wanted
from exam_server.models import Account, Attempt, Score
from tests.extra_time.samples import (
    DEADLINE,
    SWEPT,
    Day,
    a_day,
    add_outage,
    chosen,
    close,
    entries,
    grant_question,
    own,
    save,
    submit,
    trail,
)
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    add_booked,
    add_official,
    add_other_scene,
    add_sitting,
    assign,
)
from tests.together import AT_ONCE, outcomes

EIGHTEEN = Wanted(18 * 60, "power", "listrik padam di ruang 2")
NOW = START + 10 * MINUTE
LATE = DEADLINE + 12 * MINUTE


@pytest.fixture
def day(db: Database) -> Day:
    return a_day(db)


def late_three(day: Day) -> None:
    """Two answers that would lie before a deadline 18 minutes later, and one that would not."""
    assert save(day.db, day.run, NOW, position=1, option=1) == "saved"
    close(day.db, day.run)
    assert save(day.db, day.run, LATE, position=1, seq=2, option=3) == "deadline_passed"
    assert save(day.db, day.run, LATE, position=2, option=2) == "deadline_passed"
    assert save(day.db, day.run, DEADLINE + 19 * MINUTE, position=3, option=4) == "deadline_passed"


def test_granted_time_moves_the_deadline_and_the_candidate_reads_the_sum_and_why(day: Day) -> None:
    granting.grant(day.db, day.run.attempt_id, EIGHTEEN, day.proctor, NOW)
    found = own(day.db, day.run)
    assert found.facts.deadline_at == DEADLINE + 18 * MINUTE
    assert [(line.kind, line.seconds, line.reason, line.author) for line in found.ledger] == [
        ("start", 3600, "", ""), ("extra", 1080, "listrik padam di ruang 2", "Petugas proctor"),
    ]  # fmt: skip


def test_page_and_trail_hear_of_granted_time_after_the_commit(day: Day) -> None:
    heard: list[dict[str, object]] = []
    day.db.subscribe("time", heard.append)
    granting.grant(day.db, day.run.attempt_id, EIGHTEEN, day.proctor, NOW)
    (told,) = heard
    assert (told["attempt_id"], told["extra_seconds"]) == (day.run.attempt_id, 1080)
    (row,) = trail(day.db, "attempt.time_granted")
    assert (row.actor_id, row.office_id, row.at) == (day.proctor, day.scene.office.id, NOW)
    assert row.detail == {"kind": "extra", "seconds": 1080, "reason_code": "power", "reopened": False,
                          "reason": "listrik padam di ruang 2"}  # fmt: skip


def test_what_time_would_do_is_told_before_and_changes_nothing(day: Day) -> None:
    late_three(day)
    effect = granting.effect(day.db, day.run.attempt_id, 1080, LATE)
    assert (effect.until, effect.late, effect.reopens) == (DEADLINE + 18 * MINUTE, 2, True)
    assert entries(day.db, day.run) == [("start", 3600)]
    assert own(day.db, day.run).phase(LATE)[0] == "closed"


def test_an_attempt_that_the_clock_closed_runs_again_and_late_answers_before_its_new_deadline_count(
    day: Day,
) -> None:
    late_three(day)
    granting.grant(day.db, day.run.attempt_id, EIGHTEEN, day.proctor, LATE)
    assert own(day.db, day.run).phase(LATE) == ("running", DEADLINE + 18 * MINUTE)
    assert chosen(day.db, day.run) == {1: 3, 2: 2}
    assert save(day.db, day.run, DEADLINE + 17 * MINUTE, position=4, option=1) == "saved"
    late = records.record(day.db, day.run.attempt_id).late
    assert [(one.position, one.counted) for one in late] == [(1, True), (2, True), (3, False)]


def test_time_that_is_over_already_counts_what_came_within_it_and_opens_nothing(day: Day) -> None:
    late_three(day)
    tomorrow = START + 24 * HOUR
    assert not granting.effect(day.db, day.run.attempt_id, 1080, tomorrow).reopens
    granting.grant(day.db, day.run.attempt_id, EIGHTEEN, day.proctor, tomorrow)
    assert own(day.db, day.run).phase(tomorrow)[0] == "closed"
    assert chosen(day.db, day.run) == {1: 3, 2: 2}
    close(day.db, day.run, tomorrow)
    with day.db.write() as tx:
        assert settle(tx, day.run.attempt_id, "s" * 40, tomorrow)
    with day.db.read() as tx:
        score = tx.scalars(sa.select(Score).where(Score.attempt_id == day.run.attempt_id)).one()
    assert score.correct + score.wrong == 2


def test_a_reopened_attempt_is_closed_and_settled_once_more(day: Day) -> None:
    late_three(day)
    granting.grant(day.db, day.run.attempt_id, EIGHTEEN, day.proctor, LATE)
    close(day.db, day.run, SWEPT + 18 * MINUTE)
    assert day.attempt().finalised_at == DEADLINE + 18 * MINUTE
    assert unsettled(day.db) == [day.run.attempt_id]


def test_what_was_handed_in_gets_no_time(day: Day) -> None:
    submit(day.db, day.run, NOW)
    for act in (granting.effect, granting.grant):
        with pytest.raises(AlreadySubmitted):
            refused(act, day)
    assert entries(day.db, day.run) == [("start", 3600)]


def refused(act: object, day: Day) -> None:
    if act is granting.effect:
        granting.effect(day.db, day.run.attempt_id, 1080, LATE)
    else:
        granting.grant(day.db, day.run.attempt_id, EIGHTEEN, day.proctor, LATE)


def test_what_an_official_closed_gets_no_time(day: Day) -> None:
    with day.db.write() as tx:
        tx.execute(sa.update(Attempt).values(finalised_at=NOW, how="official"))
    with pytest.raises(ClosedByOfficial):
        granting.grant(day.db, day.run.attempt_id, EIGHTEEN, day.proctor, LATE)
    assert entries(day.db, day.run) == [("start", 3600)]


def test_time_before_the_start_moves_the_last_entry(day: Day) -> None:
    waiting = add_booked(day.db, day.scene)
    effect = granting.effect(day.db, waiting.attempt_id, 1080, START - HOUR)
    assert (effect.until, effect.late, effect.enter_until) == (None, 0, START + 42 * MINUTE)
    granting.grant(day.db, waiting.attempt_id, EIGHTEEN, day.proctor, START - HOUR)
    assert own(day.db, waiting).facts.last_entry_at == START + 42 * MINUTE


@pytest.mark.parametrize(("minutes", "at"), [(60, START - HOUR), (18, START + 42 * MINUTE)])
def test_time_that_would_shut_the_door_is_refused(day: Day, minutes: int, at: datetime) -> None:
    waiting = add_booked(day.db, day.scene)
    with pytest.raises(EntryWouldClose) as refusal:
        granting.grant(day.db, waiting.attempt_id, Wanted(minutes * 60, "other", "sakit"), day.proctor, at)
    assert str(refusal.value.params["at"]).endswith("WIB")
    assert entries(day.db, waiting) == []


def test_the_preset_adds_thirty_percent_also_before_the_start(day: Day) -> None:
    waiting = add_booked(day.db, day.scene)
    granting.accommodate(day.db, waiting.attempt_id, "tunanetra", day.admin, START - HOUR)
    granting.accommodate(day.db, day.run.attempt_id, "tunanetra", day.admin, NOW)
    assert entries(day.db, waiting) == [("accommodation", 1080)]
    assert entries(day.db, day.run) == [("start", 3600), ("accommodation", 1080)]
    assert own(day.db, day.run).facts.deadline_at == DEADLINE + 18 * MINUTE


def test_the_preset_is_given_once(day: Day) -> None:
    granting.accommodate(day.db, day.run.attempt_id, "tunanetra", day.admin, NOW)
    with pytest.raises(AccommodatedAlready):
        granting.accommodate(day.db, day.run.attempt_id, "tunanetra", day.other, NOW)
    assert entries(day.db, day.run) == [("start", 3600), ("accommodation", 1080)]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [({"minutes": "delapan belas"}, MinutesUnreadable), ({"minutes": "0"}, MinutesUnreadable),
     ({"minutes": "481"}, MinutesUnreadable), ({"minutes": "-5"}, MinutesUnreadable),
     ({"minutes": "٣"}, MinutesUnreadable), ({"reason_code": "rahasia"}, ReasonUnknown),
     ({"reason": " "}, WordsMissing), ({"reason": "x" * 501}, WordsTooLong)],
)  # fmt: skip
def test_a_form_is_read_without_guessing(changed: dict[str, str], refusal: type[Refusal]) -> None:
    good = {"minutes": " 18 ", "reason_code": "power", "reason": " listrik padam di ruang 2 "}
    assert wanted.read(good) == EIGHTEEN
    with pytest.raises(refusal):
        wanted.read(good | changed)


def test_who_watches_the_sitting_sees_the_attempt_and_others_find_nothing(day: Day) -> None:
    found = attempts.own(day.db, day.run.public_id, day.watcher, NOW)
    assert (found.id, found.items, found.phase(NOW)[0]) == (day.run.attempt_id, 4, "running")
    elsewhere = add_other_scene(day.db).office
    stranger = add_official(day.db, "admin", elsewhere).id
    person = day.official(stranger, ("admin", elsewhere.id))
    with pytest.raises(NotFound):
        attempts.own(day.db, day.run.public_id, person, NOW)
    (row,) = trail(day.db, "access.refused")
    assert (row.actor_id, row.object_kind, row.object_id) == (stranger, "attempt", day.run.attempt_id)
    with pytest.raises(NotFound):
        attempts.own(day.db, "tidak-ada", day.root, NOW)


def test_a_proctor_of_another_sitting_of_the_office_finds_nothing(day: Day) -> None:
    office = day.scene.office
    colleague = add_official(day.db, "proctor", office).id
    assign(day.db, add_sitting(day.db, day.scene.selection.id, label="Sesi 2").id, colleague)
    person = day.official(colleague, ("proctor", office.id))
    with pytest.raises(NotFound):
        attempts.own(day.db, day.run.public_id, person, NOW)
    with pytest.raises(NotFound):
        sittings.own(day.db, day.scene.sitting.public_id, person, NOW)
    assert [row.object_kind for row in trail(day.db, "access.refused")] == ["attempt", "sitting"]
    admin = day.official(day.admin, ("admin", office.id))
    assert attempts.own(day.db, day.run.public_id, admin, NOW).id == day.run.attempt_id
    assert sittings.own(day.db, day.scene.sitting.public_id, admin, NOW).id == day.sitting


def test_the_record_tells_devices_and_instants_and_never_a_choice(day: Day) -> None:
    save(day.db, day.run, NOW)
    record = records.record(day.db, day.run.attempt_id)
    assert (record.answered, record.saved_at) == (1, NOW)
    assert [(one.device, one.took_over) for one in record.joined] == [("Mozilla/5.0 (Android)", False)]
    assert not hasattr(records.Late(1, NOW, "closed", False), "option")


def test_attempts_are_found_by_person_where_the_reader_watches(day: Day) -> None:
    with day.db.read() as tx:
        account = tx.get_one(Account, day.run.candidate_id).public_id
    mine = [(day.run.public_id, "Sesi 1")]
    assert attempts.of_person(day.db, account, day.watcher) == mine
    assert attempts.of_person(day.db, account, day.root) == mine
    nobody = day.official(day.other, ("proctor", day.scene.office.id))
    assert attempts.of_person(day.db, account, nobody) == []


def one_by_one(day: Day, runs: list[Run], at: datetime = NOW) -> list[str]:
    """The code of each refusal; empty: given."""
    told = []
    for run in runs:
        try:
            granting.grant(day.db, run.attempt_id, EIGHTEEN, day.proctor, at)
        except Refusal as refusal:
            told.append(refusal.code)
        else:
            told.append("")
    return told


def test_time_for_most_of_a_sitting_one_by_one_is_the_sittings_whoever_gives_it(db: Database) -> None:
    day = Day(db, running=6)
    assert one_by_one(day, day.runs[:3]) == ["", "", ""]
    with pytest.raises(WholeSitting) as refusal:
        granting.effect(day.db, day.runs[3].attempt_id, 60, NOW)
    assert refusal.value.params["label"] == "Sesi 1"
    with pytest.raises(WholeSitting):
        granting.grant(day.db, day.runs[3].attempt_id, EIGHTEEN, day.admin, NOW)
    assert one_by_one(day, day.runs[:1]) == [""], "the same three again are still three"
    assert one_by_one(day, day.runs[3:4], NOW + rules.COUNTS_FOR) == [""]


def test_time_given_to_the_whole_sitting_does_not_stand_in_the_way_of_one_of_them(db: Database) -> None:
    day = Day(db, running=5)
    add_outage(day.db, START + MINUTE, 300)
    assert giving.give(day.db, day.sitting, Wanted(300, "server", "server"), day.proctor, NOW) is None
    asked = giving.give(day.db, day.sitting, Wanted(600, "power", "listrik"), day.proctor, NOW)
    assert asked is not None
    grant_question(day.db, asked, day.admin, NOW)
    assert one_by_one(day, day.runs) == ["", "", "whole_sitting", "whole_sitting", "whole_sitting"]


def test_the_preset_counts_once_it_has_begun_and_before_the_start_it_does_not(db: Database) -> None:
    day = Day(db, running=5)
    early = [add_booked(day.db, day.scene) for _ in range(3)]
    for run in early:
        granting.accommodate(day.db, run.attempt_id, "tunanetra", day.admin, START - HOUR)
    assert one_by_one(day, early[:1], START - HOUR) == [""]
    for run in day.runs[:2]:
        granting.accommodate(day.db, run.attempt_id, "tunanetra", day.admin, NOW)
    with pytest.raises(WholeSitting):
        granting.accommodate(day.db, day.runs[2].attempt_id, "tunanetra", day.admin, NOW)
    assert one_by_one(day, day.runs[2:3]) == ["whole_sitting"]


def test_time_for_most_of_those_who_wait_is_not_given_one_by_one_either(db: Database) -> None:
    day = Day(db)
    early = [add_booked(day.db, day.scene) for _ in range(4)]
    assert one_by_one(day, early, START - HOUR) == ["", "", "whole_sitting_waits", "whole_sitting_waits"]


def test_officials_who_give_time_one_by_one_at_once_give_it_to_no_whole_sitting(db: Database) -> None:
    day = Day(db, running=AT_ONCE)
    waiting = list(day.runs)

    def give(db: Database, together: threading.Barrier) -> None:
        run = waiting.pop()
        together.wait(30)
        granting.grant(db, run.attempt_id, EIGHTEEN, day.proctor, NOW)

    told = outcomes(day.db, give)
    assert told == {"ok": AT_ONCE // 2, "WholeSitting": AT_ONCE - AT_ONCE // 2}


def test_signs_that_turn_the_direction_of_writing_are_left_out_of_reasons() -> None:
    form = {"minutes": "18", "reason_code": "power", "reason": "listrik\u202e padam\u2069 di ruang 2\u200f"}
    assert wanted.read(form) == EIGHTEEN
    with pytest.raises(WordsMissing):
        wanted.read(form | {"reason": "\u202e\u2066"})
