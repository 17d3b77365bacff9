"""The journal of an attempt: numbered without a gap, sealed entry over entry, and never forked."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from exam_server.db import Database
from exam_server.exam import journal, service
from exam_server.exam.journal import FIRST_SEAL, Event, append, append_all, canonical, head, seal
from exam_server.exam.saves import store
from exam_server.models import Attempt, JournalEntry, to_micros
from tests.factories import HOUR, MINUTE, START, Run, Scene, add_booked, add_running, answer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def entries(db: Database, attempt_id: int) -> list[JournalEntry]:
    with db.read() as tx:
        return journal.entries(tx, attempt_id)


def kinds(db: Database, attempt_id: int) -> list[str]:
    return [entry.kind for entry in entries(db, attempt_id)]


def resealed(attempt_id: int, found: list[JournalEntry]) -> list[str]:
    """The seals that belong to these entries, worked out without the module under test."""
    former, seals = "0" * 64, []
    for entry in found:
        said = [former, attempt_id, entry.number, to_micros(entry.at), entry.kind, entry.data]
        text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
        former = hashlib.sha256(text.encode()).hexdigest()
        seals.append(former)
    return seals


@pytest.fixture
def whole(db: Database, run: Run) -> Run:
    """An attempt from its paper to its end."""
    with db.write() as tx:
        store(tx, [run.save(answer(1, 1, 2), answer(2, 1, None, True), at=START + MINUTE)])
        store(tx, [run.save(answer(1, 2, 3), at=START + 2 * MINUTE)])
    with db.write() as tx:
        service.close_by_clock(tx, run.attempt_id, START + 2 * HOUR)
    return run


def test_every_fact_of_an_attempt_is_one_entry_in_order(db: Database, whole: Run) -> None:
    found = entries(db, whole.attempt_id)
    assert [entry.kind for entry in found] == ["drawn", "started", "joined", "saved", "saved", "closed"]
    assert [entry.number for entry in found] == [1, 2, 3, 4, 5, 6]
    assert [entry.at for entry in found[3:]] == [START + MINUTE, START + 2 * MINUTE, START + HOUR]


def test_each_seal_covers_the_one_before_and_everything_it_says(db: Database, whole: Run) -> None:
    found = entries(db, whole.attempt_id)
    assert [entry.seal for entry in found] == resealed(whole.attempt_id, found)


def test_what_became_durable_together_is_one_entry_that_says_all_of_it(db: Database, whole: Run) -> None:
    first = json.loads(entries(db, whole.attempt_id)[3].data)
    at = to_micros(START + MINUTE)
    assert first == {"items": [[1, 1, 2, False, at], [2, 1, None, True, at]]}


def test_what_is_not_stored_is_not_sealed(db: Database, run: Run) -> None:
    before = kinds(db, run.attempt_id)
    with db.write() as tx:
        store(tx, [run.save(answer(), at=START + MINUTE)])
        store(tx, [run.save(answer(), at=START + MINUTE)])
        store(tx, [run.save(answer(1, 9), at=START + 2 * HOUR), run.save(answer(1, 8), at=START, lease=99)])
    assert kinds(db, run.attempt_id) == [*before, "saved"]


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(db: Database, run: Run) -> None:
    before = entries(db, run.attempt_id)
    with pytest.raises(RuntimeError), db.write() as tx:
        append(tx, run.attempt_id, "joined", START, {})
        raise RuntimeError
    with db.write() as tx:
        append(tx, run.attempt_id, "joined", START, {})
    assert entries(db, run.attempt_id)[-1].number == before[-1].number + 1


def test_the_head_is_the_newest_entry_or_the_first_seal(db: Database, scene: Scene, whole: Run) -> None:
    waiting = add_booked(db, scene)
    last = entries(db, whole.attempt_id)[-1]
    with db.read() as tx:
        assert head(tx, whole.attempt_id) == (last.number, last.seal)
        assert head(tx, waiting.attempt_id) == (0, FIRST_SEAL)


def test_many_attempts_get_their_entries_in_one_go_each_on_its_own_chain(db: Database, scene: Scene) -> None:
    runs = [add_running(db, scene) for _ in range(3)] + [add_booked(db, scene)]
    events = [Event(run.attempt_id, f"kind-{turn}", START + turn * MINUTE, {"turn": turn})
              for turn in range(3) for run in runs]  # fmt: skip
    before = {run.attempt_id: len(entries(db, run.attempt_id)) for run in runs}
    with db.write() as tx:
        append_all(tx, events)
    for run in runs:
        found = entries(db, run.attempt_id)
        assert [entry.kind for entry in found[before[run.attempt_id] :]] == ["kind-0", "kind-1", "kind-2"]
        assert [entry.number for entry in found] == list(range(1, len(found) + 1))
        assert [entry.seal for entry in found] == resealed(run.attempt_id, found)


def test_the_same_fact_of_two_attempts_has_two_seals(db: Database, scene: Scene) -> None:
    first, second = add_booked(db, scene), add_booked(db, scene)
    with db.write() as tx:
        append_all(tx, [Event(one.attempt_id, "joined", START, {"lease": 1}) for one in (first, second)])
    assert entries(db, first.attempt_id)[0].seal != entries(db, second.attempt_id)[0].seal


@given(JSON)
def test_a_fact_is_written_in_one_way_and_read_back_as_it_was(data: object) -> None:
    assert json.loads(canonical(data)) == data
    assert canonical(json.loads(canonical(data))) == canonical(data)


def test_the_order_of_names_makes_no_difference_and_nothing_else_is_the_same() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'
    assert len({canonical(one) for one in ([1, 2], [2, 1], ["1", 2], [[1], 2], [None, 2], [True, 2])}) == 6


CHANGES: dict[str, Any] = {
    "former": "f" * 64, "attempt_id": 8, "number": 3, "at": 6, "kind": "closed", "data": "{} ",
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_changes_the_seal(name: str) -> None:
    said: dict[str, Any] = {
        "former": FIRST_SEAL, "attempt_id": 7, "number": 2, "at": 5, "kind": "saved", "data": "{}",
    }  # fmt: skip
    assert seal(**said) == seal(**said)
    assert seal(**said) != seal(**(said | {name: CHANGES[name]}))


def test_the_schema_refuses_a_second_entry_of_the_same_number(db: Database, whole: Run) -> None:
    with pytest.raises(DatabaseError), db.write() as tx:
        tx.add(
            JournalEntry(attempt_id=whole.attempt_id, number=6, at=START, kind="saved", data="{}", seal="0")
        )
        tx.flush()
    assert len(entries(db, whole.attempt_id)) == 6


TURNS = 25


def appending(db: Database, run: Run, hold: bool, failures: list[str]) -> None:
    """TURNS entries as a worker makes them: it holds the attempt's row, unless told not to."""
    for turn in range(TURNS):
        try:
            with db.write() as tx:
                if hold:
                    tx.execute(sa.update(Attempt).where(Attempt.id == run.attempt_id)
                               .values(rev=Attempt.rev + 1))  # fmt: skip
                append(tx, run.attempt_id, "joined", START + timedelta(seconds=turn), {"turn": turn})
        except DatabaseError as problem:
            failures.append(type(problem).__name__)


def two_workers_append(db: Database, run: Run, hold: bool) -> list[str]:
    """Two workers, each with connections of its own; what the schema refused."""
    other = Database(db.engine.url.render_as_string(False))
    failures: list[str] = []
    threads = [threading.Thread(target=appending, args=(one, run, hold, failures)) for one in (db, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.close()
    return failures


def test_numbers_never_fork_while_two_workers_append(db: Database, run: Run) -> None:
    before = len(entries(db, run.attempt_id))
    assert two_workers_append(db, run, hold=True) == []
    found = entries(db, run.attempt_id)
    assert [entry.number for entry in found] == list(range(1, before + 2 * TURNS + 1))
    assert [entry.seal for entry in found] == resealed(run.attempt_id, found)


def test_control_without_the_row_they_meet_and_the_schema_still_keeps_one_chain(
    db: Database, run: Run
) -> None:
    """SQLite lets one writer in at a time whatever is held; PostgreSQL must show the collision."""
    refused = two_workers_append(db, run, hold=False)
    assert bool(refused) is not db.sqlite
    found = entries(db, run.attempt_id)
    assert [entry.number for entry in found] == list(range(1, len(found) + 1))
    assert [entry.seal for entry in found] == resealed(run.attempt_id, found)
