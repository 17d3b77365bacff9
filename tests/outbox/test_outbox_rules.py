"""Pauses double, have a longest, and end after about three days."""

from __future__ import annotations

from datetime import timedelta

from exam_server.outbox import rules


def test_the_pause_doubles_up_to_six_hours() -> None:
    minutes = [rules.pause(tries) / timedelta(minutes=1) for tries in range(1, 12)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_the_last_try_comes_about_three_days_after_the_first() -> None:
    tries = [number for number in range(1, 100) if not rules.hopeless(number)]
    waited = sum((rules.pause(number) for number in tries), timedelta())
    assert timedelta(days=2.5) < waited < timedelta(days=3.5)


def test_no_number_of_tries_is_too_large() -> None:
    assert rules.pause(10**9) == rules.LONGEST_PAUSE
