"""Which reminder is due: the axis of time is cut at every instant that matters, and probed round each cut."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from exam_server.reminders import rules
from exam_server.reminders.rules import Booked, Choice
from tests.factories import DAY, HOUR, START

TICK = timedelta(microseconds=1)


def sitting_reminder(now: datetime, chosen_at: datetime = START - 9 * DAY, begun: bool = False) -> str | None:
    found = rules.of_sitting(Booked(START, chosen_at, begun), now)
    return found.name if found else None


SITTING_CUTS = [
    (START - DAY, None, "day_before"),
    (START - HOUR, "day_before", "hour_before"),
    (START, "hour_before", None),
]


@pytest.mark.parametrize(("cut", "before", "after"), SITTING_CUTS)
def test_a_sitting_is_reminded_of_a_day_and_an_hour_before(
    cut: datetime, before: str | None, after: str | None
) -> None:
    assert sitting_reminder(cut - TICK) == before
    assert sitting_reminder(cut) == after
    assert sitting_reminder(cut + TICK) == after


@pytest.mark.parametrize("cut", [cut for cut, _, _ in SITTING_CUTS])
def test_who_began_is_not_reminded(cut: datetime) -> None:
    assert {sitting_reminder(cut + step, begun=True) for step in (-TICK, timedelta(0), TICK)} == {None}


@pytest.mark.parametrize(("due_at", "name"), [(START - DAY, "day_before"), (START - HOUR, "hour_before")])
def test_what_was_chosen_after_the_instant_is_not_reminded_of(due_at: datetime, name: str) -> None:
    assert sitting_reminder(due_at, chosen_at=due_at) == name
    assert sitting_reminder(due_at + TICK, chosen_at=due_at + TICK) is None


def test_who_chose_two_hours_before_is_reminded_an_hour_before() -> None:
    assert sitting_reminder(START - HOUR, chosen_at=START - 2 * HOUR) == "hour_before"


def test_a_moved_sitting_reminds_anew() -> None:
    day_before = rules.BEFORE_SITTING[0]
    assert rules.key(day_before, START) == f"day_before:{int(START.timestamp() * 1000)}"
    assert rules.key(day_before, START + HOUR) != rules.key(day_before, START)


def choosing(
    now: datetime, ends_at: datetime | None = START, opens_at: datetime | None = None, offered: bool = True
) -> str | None:
    found = rules.of_choosing(Choice(opens_at, ends_at, offered), now)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("cut", "before", "after"),
    [
        (START - 3 * DAY, "choose_after_acceptance", "choose_3_days_left"),
        (START - DAY, "choose_3_days_left", "choose_1_day_left"),
        (START, "choose_1_day_left", None),
    ],
)
def test_the_end_of_the_choice_window_decides_which_word_is_due(
    cut: datetime, before: str, after: str | None
) -> None:
    assert choosing(cut - TICK) == before
    assert choosing(cut) == after


@pytest.mark.parametrize(
    ("now", "accepted_by"),
    [
        (START - 5 * DAY, START - 8 * DAY),
        (START - 2 * DAY, START - 3 * DAY),
        (START - HOUR, START - DAY),
    ],
)
def test_a_reminder_is_for_those_who_were_accepted_before_its_instant(
    now: datetime, accepted_by: datetime
) -> None:
    found = rules.of_choosing(Choice(None, START, True), now)
    assert found is not None
    assert found[1] == accepted_by


def test_nobody_is_reminded_before_the_window_opens() -> None:
    opens_at = START - 6 * DAY
    assert choosing(opens_at - TICK, opens_at=opens_at) is None
    assert choosing(opens_at, opens_at=opens_at) == "choose_after_acceptance"


def test_an_end_that_is_not_known_reminds_after_the_acceptance_only() -> None:
    assert choosing(START + 300 * DAY, ends_at=None) == "choose_after_acceptance"


def test_nobody_is_reminded_of_choosing_where_nothing_is_offered() -> None:
    assert choosing(START - 5 * DAY, offered=False) is None
