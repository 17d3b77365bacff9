"""F4: PostgreSQL is ended, crashes, loses a backend or hangs during an exam; nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import check
from tests.faults.cluster import Cluster
from tests.faults.crowd import Crowd, let_them_save, seed_said, until
from tests.faults.sizes import size
from tests.servers import ExamServer, Postgres
from tests.worlds import World

pytestmark = pytest.mark.slow

CANDIDATES = 12
ROUNDS = size(1, 2)
HANGS_FOR = size(2.0, 15.0)
RECOVERED_WITHIN = size(60.0, 15.0)
VARIANT = Path(__file__).with_name("variant.py")


def end_at_once(postgres: Postgres) -> None:
    """What an operator calls an immediate shutdown."""
    postgres.stop(signal.SIGQUIT)
    postgres.start()


def crash(postgres: Postgres) -> None:
    """The postmaster dies without a word; what its backends still do is their affair."""
    postgres.stop(signal.SIGKILL)
    postgres.start()


def lose_a_backend(postgres: Postgres) -> None:
    """One connection's process dies; PostgreSQL then throws everybody out and recovers by itself."""
    backends = [pid for pid in family(postgres) if is_a_backend(pid)]
    assert backends, "nobody is connected"
    os.kill(backends[0], signal.SIGKILL)


def hang(postgres: Postgres) -> None:
    """Everything of it stands still for a while, and its lines stay open."""
    everybody = [postgres.pid, *family(postgres)]
    try:
        for pid in everybody:
            os.kill(pid, signal.SIGSTOP)
        until(lambda: False, HANGS_FOR)  # the fault itself lasts this long
    finally:
        for pid in everybody:
            os.kill(pid, signal.SIGCONT)


def family(postgres: Postgres) -> list[int]:
    """The processes that the postmaster has started and that live; each is a group of its own."""
    children = Path(f"/proc/{postgres.pid}/task/{postgres.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def is_a_backend(pid: int) -> bool:
    """Its title names user, database and client: `postgres: exam exam_1 127.0.0.1(4711) idle`."""
    return b"127.0.0.1(" in Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.fixture
def whole_again(postgres: Postgres) -> Iterator[None]:
    """Whatever happens here, the next test finds a PostgreSQL that answers."""
    yield
    if not postgres.alive:
        postgres.start()


@pytest.mark.usefixtures("whole_again")
def test_no_acknowledged_answer_is_missing_after_postgresql_was_gone(
    wide_world: World, cluster: Cluster, postgres: Postgres
) -> None:
    seed = seed_said()
    dice = random.Random(seed)
    people = wide_world.booked(CANDIDATES, wide_world.sitting())
    faults: list[Callable[[Postgres], None]] = [end_at_once, crash, lose_a_backend] * ROUNDS + [hang]
    with Crowd(cluster.url, people, seed, world=wide_world) as crowd:
        for fault in faults:
            let_them_save(crowd, dice)
            before = crowd.acks
            fault(postgres)
            assert until(lambda: crowd.everybody_saved_since(before), RECOVERED_WITHIN), (  # noqa: B023
                f"after {fault.__name__}: {crowd.refusals}"
            )
            assert crowd.lost(wide_world) == []
        crowd.hand_in()
        assert until(lambda: check.not_scored_once(wide_world) == [], RECOVERED_WITHIN)
    assert crowd.refusals == []
    assert all(worker.alive for worker in cluster.workers), "a worker died with the database"
    assert check.not_the_last_word(wide_world, crowd.sat) == []
    assert check.complaints(wide_world, crowd.sat) == []


@pytest.mark.usefixtures("whole_again")
def test_control_who_acknowledges_before_the_commit_loses_answers_when_postgresql_crashes(
    other_world: World, postgres: Postgres, tmp_path: Path
) -> None:
    server = ExamServer(tmp_path, other_world.url, script=VARIANT, env={"EXAM_VARIANT": "early_ack"})
    people = other_world.booked(CANDIDATES, other_world.sitting())
    with Crowd(server.url, people, seed_said(), world=other_world) as crowd:
        let_them_save(crowd, random.Random(1))
        postgres.stop(signal.SIGKILL)
        let_them_save(crowd, random.Random(1))  # told so, with no database anywhere
        server.kill()
        postgres.start()
        assert crowd.lost(other_world) != []
        crowd.go_home()
