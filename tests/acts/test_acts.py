"""Each act from the board: it tells whom it touches, does exactly that, and says who was left out and why."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.acts import rules
from exam_server.exam import service as exam
from exam_server.messages import service as messages
from exam_server.models import Incident, LedgerEntry, Message
from tests.acts.samples import ALL, CLOSE, INCIDENT, MESSAGE, RELEASE, SOON, TIME, Desk, names
from tests.conftest import SetClock
from tests.extra_time.samples import own, submit, trail
from tests.factories import HOUR, MINUTE, START, Run
from tests.messages.samples import add_message, marks


def rows(desk: Desk, table: Any) -> int:
    with desk.db.read() as tx:
        return tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def incidents(desk: Desk) -> list[Incident]:
    with desk.db.read() as tx:
        return list(tx.scalars(sa.select(Incident).order_by(Incident.id)))


@pytest.mark.parametrize("payload", ALL, ids=lambda payload: str(payload["act"]))
def test_asking_tells_whom_it_touches_and_changes_nothing(desk: Desk, payload: dict[str, Any]) -> None:
    before = [desk.attempt(run).rev for run in desk.runs]
    told = desk.ask(payload, *desk.runs[:2])
    assert (told["touches"], len(told["names"]), told["skipped"]) == (2, 2, [])
    assert told["confirm"]
    assert [desk.attempt(run).rev for run in desk.runs] == before
    assert (rows(desk, Message), rows(desk, Incident)) == (0, 0)


def test_only_the_first_names_are_told(desk: Desk) -> None:
    sixth = desk.booked()
    told = desk.ask(MESSAGE, *desk.runs, sixth)
    assert (told["touches"], len(told["names"])) == (6, 5)


def test_a_message_reaches_who_sits_or_waits_and_names_who_is_over(desk: Desk) -> None:
    waiting, over = desk.booked(), desk.runs[4]
    submit(desk.db, over, SOON)
    told = desk.do(MESSAGE, desk.run, waiting, over)
    assert (told["done"], names(told)) == (2, {over.public_id: "Tesnya sudah"})
    assert marks(desk.db, desk.run) == marks(desk.db, waiting) == [(None, None)]
    assert marks(desk.db, over) == []


def test_time_moves_the_deadline_of_exactly_these(desk: Desk) -> None:
    told = desk.do(TIME, *desk.runs[:2])
    assert (told["done"], told["skipped"]) == (2, [])
    assert [own(desk.db, run).extra_seconds for run in desk.runs] == [600, 600, 0, 0, 0]
    assert desk.attempt().deadline_at == START + HOUR + 10 * MINUTE


def test_time_opens_again_what_the_clock_closed_and_passes_over_what_people_closed(
    desk: Desk, clock: SetClock
) -> None:
    by_clock, handed_in = desk.runs[:2]
    submit(desk.db, handed_in, SOON)
    clock.at = START + HOUR + MINUTE
    with desk.db.write() as tx:
        exam.close_by_clock(tx, by_clock.attempt_id, clock.at)
    told = desk.do(TIME, by_clock, handed_in)
    assert (told["done"], names(told)) == (1, {handed_in.public_id: "Sudah mengumpulkan,"})
    assert own(desk.db, by_clock).phase(clock.at)[0] == "running"


def test_time_beyond_what_one_official_may_give_is_left_out_and_says_where(desk: Desk) -> None:
    desk.do(TIME | {"minutes": 25}, desk.run)
    told = desk.do(TIME, desk.run, desk.runs[1])
    assert (told["done"], names(told)) == (1, {desk.run.public_id: "Bersama yang"})
    assert "dengan petugas kedua" in told["skipped"][0]["sentence"]
    assert [own(desk.db, run).extra_seconds for run in desk.runs[:2]] == [1500, 600]


def test_closing_is_at_once_and_for_good(desk: Desk) -> None:
    waiting = desk.booked()
    told = desk.do(CLOSE, desk.run, waiting)
    assert (told["done"], names(told)) == (1, {waiting.public_id: "Belum memulai."})
    found = desk.attempt()
    assert (found.how, found.finalised_at) == ("official", SOON)
    assert desk.ask(CLOSE, desk.run)["touches"] == 0


def test_releasing_leaves_nobody_in_the_seat(desk: Desk) -> None:
    before = desk.attempt().lease
    assert desk.do(RELEASE, desk.run)["done"] == 1
    assert (desk.attempt().lease, desk.attempt().lease_session_id) == (before + 1, None)
    assert names(desk.ask(RELEASE, desk.run)) == {desk.run.public_id: "Tidak ada"}


def test_an_incident_is_noted_for_each_of_them_whatever_their_state(desk: Desk) -> None:
    waiting, before = desk.booked(), desk.attempt().rev
    submit(desk.db, desk.runs[1], SOON)
    assert desk.do(INCIDENT, desk.run, desk.runs[1], waiting)["done"] == 3
    found = incidents(desk)
    assert {one.attempt_id for one in found} == {run.attempt_id for run in (desk.run, desk.runs[1], waiting)}
    for one in found:
        assert (one.kind, one.text, one.author_id) == ("noise", INCIDENT["text"], desk.proctor)
        assert (one.sitting_id, one.noted_at) == (desk.scene.sitting.id, SOON)
    assert desk.attempt().rev == before + 1


def test_an_incident_of_a_whole_sitting_is_one_note(desk: Desk) -> None:
    sitting = desk.scene.sitting.public_id
    assert desk.ask(INCIDENT, sitting=sitting)["touches"] == 1
    assert desk.do(INCIDENT, sitting=sitting)["done"] == 1
    (one,) = incidents(desk)
    assert (one.kind, one.sitting_id, one.attempt_id) == ("noise", desk.scene.sitting.id, None)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"act": "explode"}, "act_unknown"),
    ({"act": ["message"]}, "act_unknown"),
    (MESSAGE | {"text": "  "}, "message_empty"),
    (MESSAGE | {"text": "a" * 501}, "message_too_long"),
    (MESSAGE | {"text": 7}, "bad_request"),
    (MESSAGE | {"text": "a\0b"}, "bad_request"),
    (TIME | {"minutes": "nol"}, "minutes_unreadable"),
    (TIME | {"minutes": 481}, "minutes_unreadable"),
    (TIME | {"minutes": None}, "minutes_unreadable"),
    (TIME | {"reason_code": "because"}, "reason_unknown"),
    (TIME | {"text": ""}, "words_missing"),
    (TIME | {"text": "a" * 501}, "words_too_long"),
    (CLOSE | {"text": " "}, "act_reason_missing"),
    (RELEASE | {"text": "a" * 501}, "act_reason_too_long"),
    (INCIDENT | {"kind": "war"}, "incident_kind_unknown"),
    (INCIDENT | {"text": ""}, "incident_empty"),
    (INCIDENT | {"text": "a" * 501}, "incident_too_long"),
    (MESSAGE | {"confirm": 5}, "confirm_unknown"),
]


@pytest.mark.parametrize(("payload", "code"), BAD)
def test_what_cannot_be_done_is_refused_with_its_own_code(
    desk: Desk, payload: dict[str, Any], code: str
) -> None:
    assert desk.refused(payload, desk.run) == code
    assert (rows(desk, Message), rows(desk, Incident)) == (0, 0)


@pytest.mark.parametrize(
    ("attempts", "code"),
    [(None, "nobody_chosen"), ([], "nobody_chosen"), ("all", "nobody_chosen"), ([1], "bad_request"),
     (["\u2603"], "bad_request"), (["x"] * (rules.MOST + 1), "too_many_chosen"),
     (["tidak-ada"], "not_found")],
)  # fmt: skip
def test_whom_it_means_must_be_told(desk: Desk, attempts: object, code: str) -> None:
    answer = desk.client.post(desk.path, json=MESSAGE | {"attempts": attempts})
    assert answer.get_json()["code"] == code


def test_time_for_most_of_a_sitting_leads_to_the_page_where_two_decide(desk: Desk) -> None:
    answer = desk.send(desk.client, TIME, *desk.runs[:3])
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (409, "whole_sitting")
    assert told["page"] == f"/attempts/sitting/{desk.scene.sitting.public_id}"
    assert desk.scene.sitting.label in told["sentence"]
    assert desk.client.get(told["page"]).status_code == 200


def test_time_in_slices_is_the_sittings_after_all_and_half_an_hour_later_it_is_not(
    desk: Desk, clock: SetClock
) -> None:
    assert desk.do(TIME, *desk.runs[:2])["done"] == 2
    assert desk.refused(TIME, *desk.runs[2:4]) == "whole_sitting"
    assert desk.do(TIME, *desk.runs[:2])["done"] == 2, "the same two again are still two"
    clock.pass_by(minutes=30)
    assert desk.do(TIME, *desk.runs[2:4])["done"] == 2


def test_time_for_most_of_those_who_have_not_begun_is_refused_since_they_lost_nothing(desk: Desk) -> None:
    waiting = [desk.booked() for _ in range(5)]
    assert desk.refused(TIME, *waiting) == "whole_sitting_waits"
    assert desk.do(TIME, *waiting[:2])["done"] == 2, "some may need it"
    assert desk.refused(TIME, *waiting[2:4]) == "whole_sitting_waits", "slices count together"
    assert desk.do(TIME, *desk.runs[:2])["done"] == 2, "who runs is measured among those who run"


def test_who_hands_in_between_asking_and_confirming_is_left_out_and_named(desk: Desk) -> None:
    quick, slow = desk.runs[:2]
    token = desk.ask(TIME, quick, slow)["confirm"]
    submit(desk.db, quick, SOON)
    told = desk.ask(TIME, quick, slow, confirm=token)
    assert (told["done"], names(told)) == (1, {quick.public_id: "Sudah mengumpulkan,"})
    assert own(desk.db, slow).extra_seconds == 600


def test_a_message_to_all_of_a_sitting_is_one_message(desk: Desk) -> None:
    more: list[Run] = [desk.booked() for _ in range(3)]
    told = desk.do(MESSAGE, *desk.runs, *more)
    assert told["done"] == 8
    with desk.db.read() as tx:
        kinds = tx.scalar(sa.select(sa.func.count(Message.id)))
        entries = tx.scalar(sa.select(sa.func.count(LedgerEntry.id)).where(LedgerEntry.kind == "extra"))
    assert (kinds, entries) == (1, 0), "one message for all of them"


def test_time_given_one_by_one_on_their_own_pages_counts_with_what_the_board_gives(desk: Desk) -> None:
    form = {"act": "grant", "minutes": "10", "reason_code": "power", "reason": "Listrik padam"}
    told = [desk.client.submit(f"/attempts/{run.public_id}/time", **form).status_code for run in desk.runs]
    assert told == [303, 303, 409, 409, 409]
    assert [own(desk.db, run).extra_seconds for run in desk.runs] == [600, 600, 0, 0, 0]
    assert desk.refused(TIME, desk.runs[2]) == "whole_sitting"
    assert desk.do(TIME, desk.run)["done"] == 1


def test_signs_that_turn_the_direction_of_writing_are_left_out_of_messages_notes_and_reasons(
    desk: Desk,
) -> None:
    bent = "Pindah\u202e ke\u2066 ruang\u200f 2\u2069"
    for payload in (MESSAGE, INCIDENT, TIME, RELEASE):
        assert desk.do(payload | {"text": bent}, desk.run)["done"] == 1
    with desk.db.read() as tx:
        kept = [tx.scalars(sa.select(column)).all()[-1] for column in
                (Message.text, Incident.text, LedgerEntry.reason)]  # fmt: skip
    (row,) = trail(desk.db, "attempt.released")
    assert {*kept, row.detail["reason"]} == {"Pindah ke ruang 2"}
    assert desk.refused(CLOSE | {"text": "\u202e\u2066"}, desk.run) == "act_reason_missing"


def test_messages_of_one_official_in_one_activity_have_an_end_and_a_window_later_begin_anew(
    desk: Desk, clock: SetClock
) -> None:
    token = desk.ask(MESSAGE, desk.run)["confirm"]
    for _ in range(messages.MOST):
        add_message(desk.db, desk.run, desk.proctor, at=SOON)
    assert desk.refused(MESSAGE, desk.run) == "too_many_messages"
    assert desk.refused(MESSAGE, desk.run, confirm=token) == "too_many_messages"
    answer = desk.send(desk.as_(desk.assigned()), MESSAGE, desk.run)
    assert answer.status_code == 200, "a colleague may"
    clock.pass_by(seconds=messages.WITHIN.total_seconds())
    assert desk.do(MESSAGE, desk.run)["done"] == 1
