"""The clock: a step of the wall clock raises an alarm and moves nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exam_server import heartbeat
from exam_server.clock import WALL, WIDEST_STEP, Clock, Heartbeat


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


def test_a_step_is_an_alarm_from_the_comparison_on_until_the_one_that_finds_it_gone() -> None:
    world = World()
    clock = world.clock()
    world.wall += 2.1
    assert not clock.alarmed
    clock.step()
    assert clock.alarmed
    assert clock.last_step > WIDEST_STEP
    world.wall -= 2.1
    clock.step()
    assert not clock.alarmed


def test_two_seconds_are_not_yet_an_alarm() -> None:
    world = World()
    clock = world.clock()
    world.wall += 2
    clock.step()
    assert not clock.alarmed


class Slow:
    """A database's clock whose answer takes `delay` seconds on the way back."""

    def __init__(self, world: World) -> None:
        self.world, self.delay = world, 0.0

    def __call__(self) -> float:
        told = self.world.wall
        self.world.pass_by(self.delay)
        return told


@pytest.mark.parametrize("delay", [0.1, 3, 60])
def test_an_answer_that_takes_long_is_no_step(delay: float) -> None:
    world = World()
    reference = Slow(world)
    clock = Clock(reference, lambda: world.boot)
    reference.delay = delay
    assert abs(clock.step()) < timedelta(milliseconds=1)


def test_a_step_is_found_behind_a_slow_answer_too() -> None:
    world = World()
    reference = Slow(world)
    clock = Clock(reference, lambda: world.boot)
    reference.delay, world.wall = 5, world.wall + 3600
    assert timedelta(seconds=3590) < clock.step() <= timedelta(seconds=3600)


def test_the_anchor_is_taken_from_the_quickest_of_the_first_answers() -> None:
    world = World()
    delays = iter([8.0, 0.01, 8.0])

    def reference() -> float:
        told = world.wall
        world.pass_by(next(delays))
        return told

    clock = Clock(reference, lambda: world.boot)
    assert abs(clock.now().timestamp() - world.wall) < 0.01


def test_a_reference_that_fails_leaves_the_last_comparison_standing() -> None:
    world = World()
    away = False

    def reference() -> float:
        if away:
            raise OSError("the database is away")
        return world.wall

    clock = Clock(reference, lambda: world.boot)
    world.wall += 30
    clock.step()
    away = True
    with pytest.raises(OSError, match="away"):
        clock.step()
    assert clock.alarmed


BOOT, OTHER_BOOT = "boot-1", "boot-2"


def restarted(world: World, last: Heartbeat | None, boot_id: str = BOOT) -> Clock:
    """The clock of the process that comes after `last`."""
    return Clock(lambda: world.wall, lambda: world.boot, boot_id, last)


@pytest.mark.parametrize("step", [3600, -120])
def test_a_wall_clock_that_was_set_while_the_server_was_down_is_a_step(step: float) -> None:
    world = World()
    last = restarted(world, None).heartbeat()
    world.pass_by(30)
    world.wall += step
    clock = restarted(world, last)
    assert clock.now() == at(1_000_030)
    assert abs(clock.step()) > WIDEST_STEP


def test_control_without_a_heartbeat_the_step_becomes_the_truth() -> None:
    world = World()
    world.wall += 3600
    clock = restarted(world, None)
    assert clock.now() == at(1_003_600)
    assert clock.step() == timedelta(0)


def test_a_small_correction_between_two_processes_is_followed() -> None:
    world = World()
    last = restarted(world, None).heartbeat()
    world.wall += 2
    assert restarted(world, last).now() == at(1_000_002)


def test_after_another_boot_the_wall_clock_is_trusted_when_it_went_on() -> None:
    world = World()
    last = restarted(world, None).heartbeat()
    world.wall, world.boot = 1_007_200, 20
    assert restarted(world, last, OTHER_BOOT).now() == at(1_007_200)


def test_after_another_boot_time_does_not_go_back_behind_the_heartbeat() -> None:
    world = World()
    last = restarted(world, None).heartbeat()
    world.wall, world.boot = 900_000, 20
    clock = restarted(world, last, OTHER_BOOT)
    assert clock.now() == at(1_000_000)
    assert abs(clock.step()) > WIDEST_STEP


def test_a_heartbeat_is_read_as_it_was_written(tmp_path: Path) -> None:
    clock = heartbeat.remembered_clock(tmp_path)
    heartbeat.Heart(clock, tmp_path).beat()
    read = heartbeat.read(tmp_path)
    assert read is not None
    assert (read.boot_id, read.anchor) == (clock.heartbeat().boot_id, clock.heartbeat().anchor)
    assert [path.name for path in tmp_path.iterdir()] == [heartbeat.NAME]
    heartbeat.forget(tmp_path)
    assert heartbeat.read(tmp_path) is None


def test_a_clock_that_was_set_between_two_heartbeats_is_told_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heartbeat.Heart(heartbeat.remembered_clock(tmp_path), tmp_path).beat()
    clock = heartbeat.remembered_clock(tmp_path, lambda: WALL() + 3600)
    assert clock.alarmed
    assert abs(clock.now().timestamp() - WALL()) < 1
    assert ["closing is held" in record.message for record in caplog.records] == [True]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"boot_id": 1', "\x00"])
def test_a_heartbeat_that_cannot_be_read_leaves_the_wall_clock_trusted(tmp_path: Path, content: str) -> None:
    (tmp_path / heartbeat.NAME).write_text(content)
    assert heartbeat.read(tmp_path) is None
    assert abs(heartbeat.remembered_clock(tmp_path).step()) < timedelta(seconds=1)
