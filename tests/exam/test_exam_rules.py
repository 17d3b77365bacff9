"""The state of an attempt: the axis of time is cut at every instant, and each side of each cut is probed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.exam.rules import (
    MOST_SEQ,
    Facts,
    Item,
    deadline,
    read_items,
    status,
)
from exam_server.selection.rules import last_entry
from tests.factories import HOUR, START

TICK = timedelta(microseconds=1)
ENDS = START + 2 * HOUR
LAST_ENTRY = START + HOUR
BEFORE = Facts(starts_at=START, ends_at=ENDS, allowed_seconds=3600, grace_seconds=10)
BEGAN = START + timedelta(minutes=20)
DEADLINE = BEGAN + HOUR
GRACE_ENDS = DEADLINE + timedelta(seconds=10)
RUNNING = replace(BEFORE, started_at=BEGAN, deadline_at=DEADLINE)

Stretch = tuple[datetime | None, datetime | None, str]
NOT_STARTED: list[Stretch] = [
    (None, START, "waiting"),
    (START, LAST_ENTRY, "ready"),
    (LAST_ENTRY, None, "absent"),
]
STARTED: list[Stretch] = [
    (None, DEADLINE, "running"),
    (DEADLINE, GRACE_ENDS, "grace"),
    (GRACE_ENDS, None, "closed"),
]


def probes(stretches: list[Stretch]) -> list[Any]:
    """Both ends and the inside of each half-open stretch, with the phase and the instant that ends it."""
    found = []
    for begins, ends, phase in stretches:
        first = begins or (ends or START) - 30 * HOUR
        last = ends - TICK if ends else first + 300 * HOUR
        found += [pytest.param(at, phase, ends, id=f"{phase} at {at:%H.%M.%S.%f}")
                  for at in (first, first + (last - first) / 2, last)]  # fmt: skip
    return found


@pytest.mark.parametrize(("now", "phase", "until"), probes(NOT_STARTED))
def test_the_phase_before_the_start(now: datetime, phase: str, until: datetime | None) -> None:
    assert status(BEFORE, now) == (phase, until)


@pytest.mark.parametrize(("now", "phase", "until"), probes(STARTED))
def test_the_phase_of_an_attempt_that_began(now: datetime, phase: str, until: datetime | None) -> None:
    assert status(RUNNING, now) == (phase, until)


@pytest.mark.parametrize(
    ("how", "phase"), [("submitted", "submitted"), ("clock", "closed"), ("official", "closed")]
)
def test_what_was_finalised_stays_so_at_every_instant(how: str, phase: str) -> None:
    facts = replace(RUNNING, finalised_at=BEGAN + TICK, how=how)
    for now in (START - HOUR, BEGAN, DEADLINE - TICK, DEADLINE, GRACE_ENDS, ENDS + 100 * HOUR):
        assert status(facts, now) == (phase, None)


def test_a_late_starter_has_the_whole_time_and_nobody_is_truncated() -> None:
    facts = replace(BEFORE, started_at=LAST_ENTRY - TICK, deadline_at=deadline(LAST_ENTRY - TICK, 3600, []))
    assert status(facts, ENDS - 2 * TICK)[0] == "running"
    assert facts.deadline_at is not None
    assert facts.deadline_at <= ENDS


def test_who_is_allowed_more_time_must_enter_earlier() -> None:
    assert last_entry(ENDS, 3600) == LAST_ENTRY
    assert last_entry(ENDS, 4680) == LAST_ENTRY - timedelta(minutes=18)


def test_the_deadline_is_start_plus_allowance_plus_the_ledger() -> None:
    assert deadline(BEGAN, 3600, []) == BEGAN + HOUR
    assert deadline(BEGAN, 3600, [300, 60, 1]) == BEGAN + HOUR + timedelta(seconds=361)


@given(minutes=st.floats(-1000, 1000), later=st.floats(0, 1000), started=st.booleans())
def test_phases_only_move_forward(minutes: float, later: float, started: bool) -> None:
    order = ["running", "grace", "closed"] if started else ["waiting", "ready", "absent"]
    facts, now = RUNNING if started else BEFORE, START + timedelta(minutes=minutes)
    first, second = status(facts, now)[0], status(facts, now + timedelta(minutes=later))[0]
    assert order.index(first) <= order.index(second)


@given(minutes=st.floats(-1000, 1000), started=st.booleans())
def test_the_phase_holds_exactly_until_the_instant_it_names(minutes: float, started: bool) -> None:
    facts, now = RUNNING if started else BEFORE, START + timedelta(minutes=minutes)
    phase, until = status(facts, now)
    if until is not None:
        assert now < until
        assert status(facts, until - TICK)[0] == phase
        assert status(facts, until)[0] != phase


OPTIONS = (4, 5, 2)


def entry(**changed: Any) -> dict[str, Any]:
    return {"position": 1, "seq": 1, "option": 1, "flagged": False} | changed


def test_a_list_as_a_page_sends_it_is_read() -> None:
    raw = [entry(), entry(position=3, seq=9, option=None, flagged=True)]
    assert read_items(raw, OPTIONS) == ([Item(1, 1, 1, False), Item(3, 9, None, True)], [])


def test_the_newest_of_a_position_counts() -> None:
    good, refused = read_items([entry(seq=2, option=2), entry(seq=1), entry(seq=3, option=3)], OPTIONS)
    assert (good, refused) == ([Item(1, 3, 3, False)], [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"position": 0}, "unknown_position"),
        ({"position": 4}, "unknown_position"),
        ({"position": -1}, "unknown_position"),
        ({"option": 0}, "unknown_option"),
        ({"option": 5}, "unknown_option"),
        ({"position": 3, "option": 3}, "unknown_option"),
        ({"position": "1"}, "bad_item"),
        ({"position": 1.0}, "bad_item"),
        ({"position": True}, "bad_item"),
        ({"position": None}, "bad_item"),
        ({"seq": 0}, "bad_item"),
        ({"seq": -1}, "bad_item"),
        ({"seq": MOST_SEQ + 1}, "bad_item"),
        ({"seq": "2"}, "bad_item"),
        ({"option": "a"}, "bad_item"),
        ({"option": True}, "bad_item"),
        ({"option": [1]}, "bad_item"),
        ({"flagged": 1}, "bad_item"),
        ({"flagged": None}, "bad_item"),
    ],
    ids=str,
)
def test_an_item_that_cannot_be_is_refused_and_the_others_stay(changed: dict[str, Any], code: str) -> None:
    good, refused = read_items([entry(**changed), entry(position=2)], OPTIONS)
    assert good == [Item(2, 1, 1, False)]
    assert [said for _, _, said in refused] == [code]


@pytest.mark.parametrize(
    "raw",
    [None, {}, "items", 7, [], [entry()] * 13],
    ids=["none", "object", "text", "number", "empty", "too many"],
)
def test_what_is_no_list_of_items_is_refused_as_a_whole(raw: object) -> None:
    with pytest.raises(ValueError, match="list of items"):
        read_items(raw, OPTIONS)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=True)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NUMBERS = st.integers(-2, 7) | st.integers(2**31 - 2, 2**63) | JSON
ENTRIES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("position", "seq", "option", "flagged", "key"), NUMBERS)
)


@given(raw=st.lists(ENTRIES | JSON, min_size=1, max_size=12))
def test_whatever_comes_over_the_wire_is_good_or_refused(raw: list[Any]) -> None:
    good, refused = read_items(raw, OPTIONS)
    assert len(good) + len(refused) <= len(raw)
    assert len({item.position for item in good}) == len(good)
    for item in good:
        assert type(item.position) is type(item.seq) is int
        assert 1 <= item.seq <= MOST_SEQ
        assert item.option is None or 1 <= item.option <= OPTIONS[item.position - 1]
    assert {code for _, _, code in refused} <= {"bad_item", "unknown_position", "unknown_option"}


@given(raw=JSON)
def test_a_payload_of_any_shape_never_breaks_the_reader(raw: object) -> None:
    try:
        good, refused = read_items(raw, OPTIONS)
    except ValueError:
        assert not isinstance(raw, list) or not 0 < len(raw) <= 12
    else:
        assert isinstance(raw, list)
        assert len(good) + len(refused) <= len(raw)
