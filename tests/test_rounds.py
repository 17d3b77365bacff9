"""Work that repeats goes on after a round that failed, and ends when it is told to."""

from __future__ import annotations

import threading

import pytest

from exam_server.rounds import Rounds

WITHIN = 10


def test_a_round_that_failed_is_followed_by_the_next_one(caplog: pytest.LogCaptureFixture) -> None:
    came, done = [], threading.Event()

    def act() -> None:
        came.append(len(came))
        if len(came) == 1:
            raise OSError("the database was away")
        done.set()

    rounds = Rounds("sample", 0.001, act)
    rounds.start()
    assert done.wait(WITHIN)
    rounds.stop()
    assert [record.message for record in caplog.records] == [
        "a round of sample failed; the next one makes up for it"
    ]


def test_the_first_round_is_done_at_once_and_none_after_the_end() -> None:
    came, done = [], threading.Event()

    def act() -> None:
        came.append("round")
        done.set()

    rounds = Rounds("sample", 3600, act)
    rounds.start()
    assert done.wait(WITHIN)
    rounds.stop()
    assert came == ["round"]


def test_rounds_that_never_started_can_be_ended() -> None:
    came: list[str] = []
    Rounds("sample", 0.001, lambda: came.append("round")).stop()
    assert came == []
