"""What follows from a journal, and each thing that cannot follow: one journal for each contradiction."""

from __future__ import annotations

from typing import Any

import pytest

from exam_server.exam.journal import FIRST_SEAL, canonical, seal
from exam_server.exam.replay import Answer, Contradiction, Entry, Granted, replay

ATTEMPT = 7
MINUTE = 60_000_000
BEGIN = 1_000 * MINUTE
END = BEGIN + 60 * MINUTE
GRACE = 10_000_000

Fact = tuple[int, str, dict[str, Any]]

DRAWN: Fact = (BEGIN - 5 * MINUTE, "drawn", {"paper_sha256": "a" * 64})
PLEDGED: Fact = (BEGIN, "pledged", {"statements": 4})
STARTED: Fact = (BEGIN, "started", {"allowed_seconds": 3600, "grace_seconds": 10, "extra_seconds": 0})
BEGUN = [DRAWN, PLEDGED, STARTED]
HANDED_IN: Fact = (BEGIN + MINUTE, "closed", {"how": "submitted"})
OUT_OF_TIME: Fact = (END, "closed", {"how": "clock"})
LATE = END + GRACE + MINUTE


def joined(lease: int) -> Fact:
    return BEGIN, "joined", {"lease": lease, "session": 1, "device": "", "took_over": False}


def released(lease: int, at: int = BEGIN) -> Fact:
    return at, "released", {"lease": lease, "author": 3}


def items(*answers: tuple[int, int, int | None, int]) -> dict[str, Any]:
    return {"items": [[position, seq, option, False, at] for position, seq, option, at in answers]}


def saved(*answers: tuple[int, int, int | None, int]) -> Fact:
    return max(at for *_, at in answers), "saved", items(*answers)


def counted(source: str, *answers: tuple[int, int, int | None, int]) -> Fact:
    return LATE + MINUTE, "counted", {"source": source} | items(*answers)


def granted(seconds: int, until: int | None, kind: str = "extra") -> Fact:
    return LATE, "ledger", {"kind": kind, "seconds": seconds, "reason_code": "power", "author": 3,
                            "deadline_at": None if until is None else until // 1000}  # fmt: skip


def reopened(until: int) -> Fact:
    return LATE, "reopened", {"deadline_at": until // 1000}


LONGER = END + 10 * MINUTE
MORE = granted(600, LONGER)
AGAIN = [OUT_OF_TIME, MORE, reopened(LONGER)]


def sealed(*facts: Fact) -> list[Entry]:
    """A journal as the server writes it."""
    written: list[Entry] = []
    former = FIRST_SEAL
    for number, (at, kind, said) in enumerate(facts, 1):
        data = canonical(said)
        former = seal(former, ATTEMPT, number, at, kind, data)
        written.append(Entry(number, at, kind, data, former))
    return written


def contradictions(*facts: Fact) -> list[tuple[str, int | None]]:
    return [(one.what, one.position) for one in replay(ATTEMPT, sealed(*facts)).contradictions]


def test_a_whole_run_is_told_again() -> None:
    late = (2, 1, 3, LATE)
    told = replay(ATTEMPT, sealed(
        granted(300, None, "accommodation"), DRAWN, PLEDGED,
        (BEGIN, "started", STARTED[2] | {"extra_seconds": 300}), joined(1),
        saved((1, 1, 4, BEGIN + 1), (3, 2, None, BEGIN + 2)), joined(2), saved((1, 5, 2, BEGIN + 3)),
        (END + 5 * MINUTE, "closed", {"how": "clock"}), granted(600, END + 15 * MINUTE),
        reopened(END + 15 * MINUTE), counted("late", late), (END + 15 * MINUTE, "closed", {"how": "clock"}),
    ))  # fmt: skip
    assert told.contradictions == []
    assert told.responses == {
        1: Answer(5, 2, False, BEGIN + 3), 3: Answer(2, None, False, BEGIN + 2), 2: Answer(1, 3, False, LATE),
    }  # fmt: skip
    assert told.history[1] == [Answer(1, 4, False, BEGIN + 1), Answer(5, 2, False, BEGIN + 3)]
    assert told.ledger == [
        Granted("accommodation", 300, "power", 3), Granted("start", 3600, "allowance", None),
        Granted("extra", 600, "power", 3),
    ]  # fmt: skip
    assert (told.started_at, told.deadline_at, told.finalised_at) == (
        BEGIN,
        END + 15 * MINUTE,
        END + 15 * MINUTE,
    )
    assert told.closings == [(END + 5 * MINUTE, "clock"), (END + 15 * MINUTE, "clock")]
    assert (told.how, told.lease, told.seconds, told.pledged_at) == ("clock", 2, 4500, BEGIN)
    assert told.counted == [("late", 2, Answer(1, 3, False, LATE))]


def test_nothing_follows_from_nothing() -> None:
    told = replay(ATTEMPT, [])
    assert (told.number, told.seal, told.started_at, told.deadline_at, told.how) == (
        0,
        FIRST_SEAL,
        None,
        None,
        None,
    )
    assert told.contradictions == []


ADOPTED: Fact = (BEGIN, "adopted", {
    "allowed_seconds": 3600, "grace_seconds": 10, "started_at": BEGIN, "deadline_at": LONGER,
    "finalised_at": None, "how": None, **items((1, 4, 2, BEGIN + 1)),
})  # fmt: skip


def test_an_attempt_from_before_there_were_journals_goes_on() -> None:
    told = replay(ATTEMPT, sealed(DRAWN, ADOPTED, joined(9), joined(10), saved((1, 5, 3, LONGER)),
                                  granted(60, LONGER + MINUTE)))  # fmt: skip
    assert told.contradictions == []
    assert (told.deadline_at, told.lease, told.carried_seconds) == (LONGER + MINUTE, 10, 600)
    assert told.history[1] == [Answer(4, 2, False, BEGIN + 1), Answer(5, 3, False, LONGER)]


def test_an_attempt_that_was_over_before_there_were_journals_stays_over() -> None:
    over = ADOPTED[2] | {"finalised_at": LONGER, "how": "clock"}
    told = replay(ATTEMPT, sealed(DRAWN, (BEGIN, "adopted", over)))
    assert (told.finalised_at, told.how, told.contradictions) == (LONGER, "clock", [])


def test_answers_count_until_the_grace_ends_and_from_a_file_whenever_it_was_granted() -> None:
    assert contradictions(*BEGUN, saved((1, 1, 1, END + GRACE - 1))) == []
    assert contradictions(*BEGUN, OUT_OF_TIME, counted("rescue", (1, 1, 1, LATE))) == []


IMPOSSIBLE = [
    ("drawn_again", None, [DRAWN, DRAWN]),
    ("pledged_again", None, [DRAWN, PLEDGED, PLEDGED]),
    ("no_paper", None, [STARTED]),
    ("started_again", None, [*BEGUN, (BEGIN, "started", STARTED[2] | {"extra_seconds": 3600})]),
    ("deadline_disagrees", None, [DRAWN, (BEGIN, "started", STARTED[2] | {"extra_seconds": 60})]),
    ("not_started", None, [DRAWN, joined(1)]),
    ("not_started", None, [DRAWN, saved((1, 1, 1, BEGIN))]),
    ("not_started", None, [DRAWN, OUT_OF_TIME]),
    ("lease_not_next", None, [*BEGUN, joined(2)]),
    ("lease_not_next", None, [*BEGUN, joined(1), joined(1)]),
    ("lease_not_next", None, [*BEGUN, joined(1), released(1)]),
    ("lease_not_next", None, [*BEGUN, joined(1), released(2), joined(2)]),
    ("not_started", None, [DRAWN, released(1)]),
    ("after_closing", None, [*BEGUN, joined(1), HANDED_IN, released(2)]),
    ("after_closing", None, [*BEGUN, HANDED_IN, saved((1, 1, 1, BEGIN + 1))]),
    ("seq_not_growing", 1, [*BEGUN, saved((1, 2, 1, BEGIN)), saved((1, 2, 3, BEGIN))]),
    ("seq_not_growing", 1, [DRAWN, ADOPTED, saved((1, 3, 1, BEGIN))]),
    ("too_late", 2, [*BEGUN, saved((1, 1, 1, END), (2, 1, 1, END + GRACE))]),
    ("too_late", 1, [*BEGUN, MORE, counted("late", (1, 1, 1, LONGER + GRACE))]),
    ("time_after_handing_in", None, [*BEGUN, HANDED_IN, MORE]),
    ("deadline_disagrees", None, [*BEGUN, granted(600, END)]),
    ("deadline_disagrees", None, [*BEGUN, granted(600, None)]),
    ("deadline_disagrees", None, [*BEGUN, granted(-600, END - 10 * MINUTE)]),
    ("deadline_disagrees", None, [*BEGUN, granted(600, LONGER, "start")]),
    ("counted_without_time", None, [*BEGUN, counted("late", (1, 1, 1, END))]),
    ("counted_without_time", None, [*BEGUN, MORE, counted("kindness", (1, 1, 1, END))]),
    ("counted_after_handing_in", None, [*BEGUN, HANDED_IN, counted("rescue", (1, 1, 1, BEGIN))]),
    ("closed_again", None, [*BEGUN, OUT_OF_TIME, OUT_OF_TIME]),
    ("closed_at_another_instant", None, [*BEGUN, (END - 1, "closed", {"how": "clock"})]),
    ("closed_at_another_instant", None, [*BEGUN, (END + 1, "closed", {"how": "submitted"})]),
    ("reopened_without_time", None, [*BEGUN, OUT_OF_TIME, reopened(END)]),
    ("reopened_without_time", None, [*BEGUN, MORE, reopened(LONGER)]),
    ("unknown_kind", None, [(BEGIN, "forgiven", {})]),
    ("unreadable", None, [(BEGIN, "drawn", {})]),
    ("unreadable", None, [*BEGUN, (BEGIN, "saved", {"items": [[1, "2", 3]]})]),
]


@pytest.mark.parametrize(
    ("what", "position", "facts"), IMPOSSIBLE, ids=[f"{what}-{n}" for n, (what, *_) in enumerate(IMPOSSIBLE)]
)
def test_what_cannot_have_happened_is_named(what: str, position: int | None, facts: list[Fact]) -> None:
    assert contradictions(*facts) == [(what, position)]


def test_the_same_without_the_fault_is_free_of_it() -> None:
    assert contradictions(*BEGUN, joined(1), joined(2), saved((1, 2, 1, BEGIN)), saved((1, 3, 3, END))) == []
    assert contradictions(*BEGUN, MORE, counted("late", (1, 1, 1, LONGER + GRACE - 1))) == []
    assert contradictions(*BEGUN, *AGAIN, (LONGER, "closed", {"how": "clock"})) == []
    assert contradictions(*BEGUN, (END, "closed", {"how": "submitted"})) == []
    assert contradictions(*BEGUN, joined(1), released(2), joined(3), saved((1, 1, 1, END))) == []
    assert contradictions(*BEGUN, joined(1), released(2), (END - 1, "closed", {"how": "official"})) == []


JOURNAL = sealed(*BEGUN, joined(1), saved((1, 1, 1, BEGIN)), saved((2, 1, 1, BEGIN)), OUT_OF_TIME)


@pytest.mark.parametrize("at", range(len(JOURNAL)))
@pytest.mark.parametrize("changed", [{"at": BEGIN - 1}, {"seal": "0" * 64}, {"data": '{"paper_sha256":"b"}'}])
def test_an_edited_entry_breaks_its_seal(at: int, changed: dict[str, Any]) -> None:
    edited = [entry._replace(**changed) if n == at else entry for n, entry in enumerate(JOURNAL)]
    assert Contradiction(at + 1, "broken_seal") in replay(ATTEMPT, edited).contradictions


@pytest.mark.parametrize("at", range(len(JOURNAL) - 1))
def test_a_removed_entry_leaves_a_gap(at: int) -> None:
    told = replay(ATTEMPT, [entry for n, entry in enumerate(JOURNAL) if n != at])
    assert Contradiction(at + 2, "gap") in told.contradictions


def test_entries_that_changed_places_are_noticed() -> None:
    first, second = JOURNAL[4], JOURNAL[5]
    swapped = [*JOURNAL[:4], second._replace(number=5), first._replace(number=6), *JOURNAL[6:]]
    found = {one.number for one in replay(ATTEMPT, swapped).contradictions if one.what == "broken_seal"}
    assert {5, 6} <= found


def test_the_journal_of_somebody_else_does_not_fit() -> None:
    assert {one.what for one in replay(ATTEMPT + 1, JOURNAL).contradictions} == {"broken_seal"}
