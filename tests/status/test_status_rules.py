"""What a candidate is told, as a function of rows and now: every cut of every way is probed on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from exam_server.exam import rules as exam
from exam_server.screening import rules as screening
from exam_server.status.rules import Event, Facts, Where, ahead, first_step, happened, masked, standing
from tests.factories import DAY, HOUR, MINUTE, START

TICK = timedelta(microseconds=1)
SENT = START - 10 * DAY
ASKED, DUE, AGAIN = SENT + DAY, SENT + 4 * DAY, SENT + 2 * DAY
ACCEPTED = SENT + 5 * DAY
OPENS, ENDS = START - 4 * DAY, START + 4 * DAY

WAITING = Facts(SENT, (Event("sent", SENT),), screening.Facts())
CORRECTION = Facts(
    SENT,
    (Event("sent", SENT), Event("correction", ASKED, due_at=DUE, fields=(("nik", "Angka ke-3 berbeda."),))),
    screening.Facts(due_at=DUE),
)
CORRECTED = Facts(SENT, (*CORRECTION.events, Event("sent", AGAIN, version=2)), screening.Facts())
REJECTED = Facts(
    SENT, (*WAITING.events, Event("rejected", ASKED, reason_code="other", text="...")),
    screening.Facts(decision="rejected"),
)  # fmt: skip
CHOOSING = Facts(
    SENT, (Event("sent", SENT), Event("accepted_screening", ACCEPTED)),
    screening.Facts(decision="accepted"), ACCEPTED, True, OPENS, ENDS,
)  # fmt: skip
BOOKED = replace(
    CHOOSING, chosen_at=OPENS + HOUR, attempt=exam.Facts(START, START + 2 * HOUR, 3600, 10)
)  # fmt: skip
RUNNING = replace(
    BOOKED,
    attempt=exam.Facts(START, START + 2 * HOUR, 3600, 10, START + MINUTE, START + MINUTE + HOUR),
)
SUBMITTED = replace(
    BOOKED,
    attempt=exam.Facts(START, START + 2 * HOUR, 3600, 10, START, START + HOUR, START + HOUR / 2, "submitted"),
)
FINAL = replace(SUBMITTED, accepted_final_at=START + 5 * DAY)

WAYS: list[tuple[Facts, list[tuple[datetime, Where]]]] = [
    (WAITING, [(SENT, "screening"), (START + 99 * DAY, "screening")]),
    (Facts(SENT), [(SENT, "screening")]),
    (CORRECTION, [(ASKED, "correction"), (DUE - TICK, "correction"), (DUE, "overdue")]),
    (CORRECTED, [(AGAIN, "screening"), (DUE - TICK, "screening"), (DUE, "screening")]),
    (REJECTED, [(ASKED, "rejected"), (START + 99 * DAY, "rejected")]),
    (CHOOSING, [(OPENS - TICK, "choice_ahead"), (OPENS, "to_choose"), (ENDS - TICK, "to_choose"),
                (ENDS, "lapsed"), (ENDS + TICK, "lapsed")]),
    (replace(CHOOSING, accepted_at=ENDS), [(ENDS, "no_sitting"), (ENDS + DAY, "no_sitting")]),
    (replace(CHOOSING, accepted_at=ENDS - TICK), [(ENDS - TICK, "to_choose"), (ENDS, "lapsed")]),
    (replace(CHOOSING, choice_opens_at=None, choice_ends_at=None),
     [(SENT, "to_choose"), (START + 99 * DAY, "to_choose")]),
    (replace(CHOOSING, choice_announced=False, choice_opens_at=None, choice_ends_at=None),
     [(START, "choice_ahead")]),
    (BOOKED, [(START - TICK, "booked"), (START, "ready"), (START + HOUR - TICK, "ready"),
              (START + HOUR, "absent"), (ENDS, "absent")]),
    (RUNNING, [(START + MINUTE, "running"), (START + MINUTE + HOUR - TICK, "running"),
               (START + MINUTE + HOUR, "grace"),
               (START + MINUTE + HOUR + timedelta(seconds=10) - TICK, "grace"),
               (START + MINUTE + HOUR + timedelta(seconds=10), "closed")]),
    (SUBMITTED, [(START + HOUR, "submitted"), (ENDS, "submitted")]),
    (FINAL, [(START + 5 * DAY, "accepted_final")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "now", "where"), [(facts, now, where) for facts, cuts in WAYS for now, where in cuts]
)
def test_where_a_candidate_stands_on_each_side_of_each_cut(facts: Facts, now: datetime, where: Where) -> None:
    assert standing(facts, now)[0] == where


@pytest.mark.parametrize(
    ("facts", "now", "until"),
    [
        (CORRECTION, ASKED, DUE),
        (CHOOSING, OPENS - TICK, OPENS),
        (CHOOSING, OPENS, ENDS),
        (CHOOSING, ENDS, None),
        (BOOKED, OPENS + DAY, START),
        (BOOKED, START, START + HOUR),
        (RUNNING, START + MINUTE, START + MINUTE + HOUR),
        (SUBMITTED, ENDS, None),
    ],
)
def test_until_when_it_stays_so(facts: Facts, now: datetime, until: datetime | None) -> None:
    assert standing(facts, now)[1] == until


@pytest.mark.parametrize(
    ("facts", "now", "kinds"),
    [
        (WAITING, START, ["sent"]),
        (Facts(SENT), START, ["sent"]),
        (CORRECTION, DUE - TICK, ["sent", "correction"]),
        (CORRECTION, DUE, ["sent", "correction", "overdue"]),
        (CORRECTED, DUE, ["sent", "correction", "sent_again"]),
        (REJECTED, DUE, ["sent", "rejected"]),
        (CHOOSING, ENDS - TICK, ["sent", "accepted_screening"]),
        (CHOOSING, ENDS, ["sent", "accepted_screening", "lapsed"]),
        (Facts(SENT, accepted_at=ACCEPTED), START, ["sent", "accepted_screening"]),
        (BOOKED, START, ["sent", "accepted_screening", "chosen"]),
        (BOOKED, START + HOUR, ["sent", "accepted_screening", "chosen", "absent"]),
        (RUNNING, START + HOUR, ["sent", "accepted_screening", "chosen", "started"]),
        (RUNNING, ENDS, ["sent", "accepted_screening", "chosen", "started", "closed"]),
        (SUBMITTED, ENDS, ["sent", "accepted_screening", "chosen", "started", "submitted"]),
        (FINAL, START + 6 * DAY,
         ["sent", "accepted_screening", "chosen", "started", "submitted", "accepted_final"]),
    ],
)  # fmt: skip
def test_everything_that_happened_stands_in_order(facts: Facts, now: datetime, kinds: list[str]) -> None:
    told = happened(facts, now)
    assert [event.kind for event in told] == kinds
    assert [event.at for event in told] == sorted(event.at for event in told)


def test_a_deadline_that_passed_stays_told_when_the_office_gives_new_time() -> None:
    again = Event("correction", DUE + HOUR, due_at=DUE + 3 * DAY)
    facts = Facts(SENT, (*CORRECTION.events, again), screening.Facts(due_at=DUE + 3 * DAY))
    kinds = [event.kind for event in happened(facts, DUE + 2 * HOUR)]
    assert kinds == ["sent", "correction", "overdue", "correction"]
    assert standing(facts, DUE + 2 * HOUR) == ("correction", DUE + 3 * DAY)


def test_what_the_clock_did_carries_the_instant_of_the_clock() -> None:
    assert happened(CHOOSING, ENDS + DAY)[-1] == Event("lapsed", ENDS)
    assert happened(BOOKED, ENDS + DAY)[-1] == Event("absent", START + HOUR)
    assert happened(RUNNING, ENDS + DAY)[-1] == Event("closed", START + MINUTE + HOUR)


@pytest.mark.parametrize(
    ("where", "stages"),
    [
        ("screening", ["screening", "test", "final", "result"]),
        ("overdue", ["screening", "test", "final", "result"]),
        ("to_choose", ["test", "final", "result"]),
        ("grace", ["test", "final", "result"]),
        ("closed", ["final", "result"]),
        ("accepted_final", []),
        ("rejected", []),
        ("lapsed", []),
        ("absent", []),
    ],
)
def test_the_stages_that_lie_ahead_begin_with_the_one_that_goes_on(where: Where, stages: list[str]) -> None:
    assert list(ahead(where)) == stages


@pytest.mark.parametrize(
    ("fields", "documents", "own", "others", "step"),
    [
        (["nik"], ["ktp"], True, True, "profile"),
        ([], ["ktp"], True, True, "documents"),
        ([], [], True, True, "apply"),
        ([], [], False, True, "offices"),
        ([], [], False, False, "wait"),
    ],
)
def test_the_first_thing_that_is_missing_is_the_next_step(
    fields: list[str], documents: list[str], own: bool, others: bool, step: str
) -> None:
    assert first_step(fields, documents, own, others) == step


@pytest.mark.parametrize(
    ("address", "shown"),
    [("adi@surel.example", "a***@surel.example"), ("@surel.example", "***@surel.example")],
)
def test_an_address_is_shown_so_that_only_its_owner_knows_it(address: str, shown: str) -> None:
    assert masked(address) == shown
