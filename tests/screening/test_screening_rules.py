"""The rules of screening at every cut: where an application stands, and when a correction may be due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from exam_server.screening import rules
from exam_server.screening.rules import Facts

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WIB = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (Facts(), ("waiting", None)),
        (Facts(due_at=NOW + TICK), ("correction", NOW + TICK)),
        (Facts(due_at=NOW), ("overdue", None)),
        (Facts(due_at=NOW - TICK), ("overdue", None)),
        (Facts(decision="accepted"), ("accepted", None)),
        (Facts(decision="rejected", due_at=NOW + DAY), ("rejected", None)),
        (Facts(decision="rejected", due_at=NOW - DAY), ("rejected", None)),
    ],
)
def test_a_correction_turns_overdue_by_the_clock_alone(
    facts: Facts, wanted: tuple[str, datetime | None]
) -> None:
    assert rules.standing(facts, NOW) == wanted


def test_one_correction_at_a_time_and_its_time_is_kept() -> None:
    asked = Facts(due_at=NOW + DAY)
    assert rules.may_ask_again(Facts(), NOW)
    assert not rules.may_ask_again(asked, NOW)
    assert not rules.may_ask_again(asked, NOW + DAY - TICK)
    assert rules.may_ask_again(asked, NOW + DAY)
    for decision in ("accepted", "rejected"):
        assert not rules.may_ask_again(Facts(decision=decision), NOW)


@pytest.mark.parametrize(
    ("due_in", "closes_in", "wanted"),
    [
        (24 * HOUR, None, None),
        (24 * HOUR - TICK, None, "too_soon"),
        (-HOUR, None, "too_soon"),
        (365 * DAY, None, None),
        (24 * HOUR, 24 * HOUR, None),
        (3 * DAY, 3 * DAY, None),
        (3 * DAY + TICK, 3 * DAY, "after_stage"),
        (24 * HOUR, 24 * HOUR - TICK, "no_time"),
        (HOUR, 2 * HOUR, "no_time"),
    ],
)
def test_a_deadline_lies_a_day_ahead_and_inside_the_stage(
    due_in: timedelta, closes_in: timedelta | None, wanted: str | None
) -> None:
    closes_at = None if closes_in is None else NOW + closes_in
    assert rules.due_problem(NOW + due_in, NOW, closes_at) == wanted


def test_the_proposed_deadline_is_allowed_whenever_one_is() -> None:
    for closes_in in (None, 25 * HOUR, 3 * DAY, 30 * DAY):
        closes_at = None if closes_in is None else NOW + closes_in
        due = rules.usual_due(NOW, WIB, closes_at)
        assert rules.due_problem(due, NOW, closes_at) is None
    assert rules.usual_due(NOW, WIB, None) == datetime(2026, 11, 4, 23, 59, tzinfo=WIB)


def test_what_was_told_is_compared_and_what_was_not_is_left_out() -> None:
    data = {"name": "Citra", "nik": "3320", "civil_servant": False, "devices": [], "major": None, "desa": "",
            "statements": [1, 2]}  # fmt: skip
    found = [one.name for one in rules.compared(data, {"ijazah": 3, "ktp": 1})]
    assert found == ["name", "nik", "civil_servant", "devices", "ktp", "ijazah"]


def test_every_reason_has_a_sentence_and_every_document_a_name() -> None:
    assert all(text.endswith(".") for text in rules.REASONS.values())
    assert set(rules.DOCUMENTS) == {"ktp", "photo", "ijazah"}
