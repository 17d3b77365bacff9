"""A burst, then a steady rate."""

from __future__ import annotations

from exam_server.pace import Pace


class Watch:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_burst_passes_without_waiting() -> None:
    pace = Pace(rate=10, burst=3, elapsed=Watch())
    assert [pace.take() for _ in range(3)] == [0, 0, 0]


def test_beyond_the_burst_each_turn_waits_for_its_place() -> None:
    pace = Pace(rate=10, burst=1, elapsed=Watch())
    assert [pace.take() for _ in range(3)] == [0, 0.1, 0.2]


def test_a_pause_refills_no_more_than_the_burst() -> None:
    watch = Watch()
    pace = Pace(rate=10, burst=2, elapsed=watch)
    watch.at = 1000.0
    assert [pace.take() for _ in range(3)] == [0, 0, 0.1]
