"""The clock: a step of the wall clock raises an alarm and moves nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from exam_server.clock import Clock


class World:
    """A wall clock that can be set, and a boot clock that cannot."""

    def __init__(self) -> None:
        self.wall, self.boot = 1_000_000.0, 500.0

    def clock(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.boot)

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.boot += seconds


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_now_is_the_reference_when_nothing_happened() -> None:
    world = World()
    assert world.clock().now() == at(1_000_000)


def test_now_is_aware_and_utc() -> None:
    assert Clock().now().tzinfo is UTC


def test_time_passes_with_the_boot_clock() -> None:
    world = World()
    clock = world.clock()
    world.pass_by(90)
    assert clock.now() == at(1_000_090)
    assert clock.step() == timedelta(0)


def test_a_step_of_the_wall_clock_moves_nothing_and_is_told() -> None:
    for step in (-3600, 3600):
        world = World()
        clock = world.clock()
        world.pass_by(10)
        world.wall += step
        assert clock.now() == at(1_000_010)
        assert clock.step() == timedelta(seconds=step)


def test_now_never_goes_back() -> None:
    clock = Clock()
    readings = [clock.now() for _ in range(1000)]
    assert readings == sorted(readings)


def test_a_real_clock_agrees_with_its_reference() -> None:
    assert abs(Clock().step()) < timedelta(seconds=1)
