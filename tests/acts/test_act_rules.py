"""Whom an act touches: every act against every way in which an attempt can stand; and whose time it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from exam_server.acts import rules
from exam_server.acts.rules import Act, Target
from exam_server.exam.rules import Facts
from tests.factories import HOUR, MINUTE, START

NOW = START + 20 * MINUTE
ENDS = START + 2 * HOUR


def facts(started_at: datetime | None = None, how: str | None = None, at: datetime = START) -> Facts:
    until = started_at + HOUR if started_at else None
    return Facts(at, at + 2 * HOUR, 3600, 10, started_at, until, NOW if how else None, how)


STANDING = {
    "waiting": facts(at=NOW + HOUR),
    "ready": facts(),
    "absent": facts(at=NOW - 3 * HOUR),
    "running": facts(START),
    "grace": facts(NOW - HOUR),
    "due": facts(NOW - HOUR - MINUTE),
    "submitted": facts(START, "submitted"),
    "by the clock": facts(START, "clock"),
    "by an official": facts(START, "official"),
}
OVER = dict.fromkeys(("due", "submitted", "by the clock", "by an official"), "over")
BEFORE = dict.fromkeys(("waiting", "ready", "absent"), "not_begun")
LEFT_OUT: dict[Act, dict[str, str]] = {
    "message": OVER | {"absent": "absent"},
    "time": {"submitted": "handed_in", "by an official": "closed_by_office", "absent": "door_shut"},
    "close": OVER | BEFORE,
    "release": OVER | BEFORE,
    "incident": {},
}


def target(number: int, known: Facts = STANDING["running"], held: bool = True, sitting: int = 1) -> Target:
    return Target(number, f"a{number}", f"Calon {number}", sitting, known, held)


@pytest.mark.parametrize("act", rules.ACTS)
@pytest.mark.parametrize("standing", STANDING)
def test_who_is_left_out_follows_from_how_they_stand(act: Act, standing: str) -> None:
    expected = LEFT_OUT[act].get(standing, "")
    assert rules.skip(act, target(1, STANDING[standing]), 600, NOW) == expected


@pytest.mark.parametrize(("seconds", "why"), [(20 * 60 - 1, ""), (20 * 60, "door_shut")])
def test_time_that_shuts_the_door_of_somebody_who_has_not_begun_is_not_given(seconds: int, why: str) -> None:
    ready = replace(STANDING["ready"], ends_at=NOW + HOUR + 20 * MINUTE)
    assert rules.skip("time", target(1, ready), seconds, NOW) == why


@pytest.mark.parametrize(
    ("spent", "seconds", "why"),
    [(0, 1800, ""), (0, 1801, "beyond_alone"), (1200, 600, ""), (1200, 601, "beyond_alone"),
     (1800, 1, "beyond_alone")],
)  # fmt: skip
def test_what_one_official_may_not_give_alone_is_left_out(spent: int, seconds: int, why: str) -> None:
    one = replace(target(1), spent=spent)
    assert rules.skip("time", one, seconds, NOW) == why
    assert rules.skip("message", one, seconds, NOW) == ""


def test_a_device_that_nobody_holds_cannot_be_released() -> None:
    assert rules.skip("release", target(1, held=False), 0, NOW) == "not_held"
    assert rules.skip("close", target(1, held=False), 0, NOW) == ""
