"""One attempt through every order of events that can be found: it ends as a small model of it says.

Two devices, an official, the sweeper and the settler act through the real writer. Acts wait in its queue
while time passes, and a crash may come before, in the middle of, or after any commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import Phase
from sqlalchemy.engine import make_url

from exam_server.db import Database
from exam_server.exam import late, saves, service
from exam_server.exam.saves import Save
from exam_server.models import LateAnswer
from exam_server.schema import upgrade
from tests.exam.interleaving import Interleaving, played
from tests.exam.seated import (
    Cast,
    prepare,
)
from tests.exam.storages import InFile, OnPostgres
from tests.faults.sizes import size

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def file(quick_folder: Path) -> tuple[Path, Cast]:
    path = quick_folder / "interleaving.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    cast = prepare(database)
    database.close()
    return path, cast


@pytest.fixture(scope="module")
def cluster(postgres: Any) -> tuple[sa.URL, Cast]:
    url = postgres.fresh()
    database = Database(url)
    upgrade(database)
    cast = prepare(database)
    database.close()
    return make_url(url), cast


ALL = (Phase.generate, Phase.shrink)


def test_every_interleaving_ends_as_the_model_says(file: tuple[Path, Cast]) -> None:
    path, cast = file
    assert played(lambda: InFile(path), cast, size(60, 3000), ALL) is None


def test_every_interleaving_ends_as_the_model_says_on_postgresql(cluster: tuple[sa.URL, Cast]) -> None:
    url, cast = cluster
    assert played(lambda: OnPostgres(url), cast, size(6, 300), ALL) is None


def without(predicate: str) -> sa.TextClause:
    """The statement that stores, with one of its predicates taken away."""
    statement = saves._STORE.format(source=saves._SQLITE_SOURCE, live=saves._SQLITE_LIVE)
    assert predicate in statement
    return sa.text(statement.replace(predicate, ""))


PREDICATES = {
    "lease": "AND a.lease = s.lease AND a.lease_session_id = s.session_id",
    "deadline": "AND s.arrived_at < a.deadline_at + a.grace_seconds * 1000000",
    "closing": "AND a.finalised_at IS NULL",
    "session": "AND v.ended_at IS NULL AND v.expires_at > s.arrived_at",
    "seq": "WHERE excluded.seq > response.seq",
}


@pytest.fixture
def unguarded(file: tuple[Path, Cast]) -> Iterator[tuple[Path, Cast]]:
    """Without the schema's own refusal of an older seq, which would catch the statement's fault."""
    path, cast = file
    storage = InFile(path)
    database = storage.open()
    with database.engine.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER response_keeps_order"))
    database.close()
    yield storage._path, cast
    storage.drop()


def found_out(path: Path, cast: Cast) -> None:
    with pytest.raises(AssertionError):
        played(lambda: InFile(path), cast, 300, (Phase.generate,))


@pytest.mark.parametrize("name", PREDICATES)
def test_control_a_statement_without_one_predicate_is_found_out(
    unguarded: tuple[Path, Cast], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(saves.STORE, "sqlite", without(PREDICATES[name]))
    found_out(*unguarded)
    assert PREDICATES[name] not in saves.STORE["sqlite"].text


def test_control_an_acknowledgement_before_the_commit_is_found_out(
    file: tuple[Path, Cast], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next crash takes what was promised."""
    put = Interleaving._put

    def promise(self: Any, act: Any, model: Any, done: Any = lambda _: None) -> None:
        if isinstance(act, Save) and self.model._admits(act):
            self.pages[0].told_saved.extend(act.items)
        put(self, act, model, done)

    monkeypatch.setattr(Interleaving, "_put", promise)
    found_out(*file)
    assert Interleaving._put is promise


def test_control_a_save_outside_the_journal_is_found_out(
    file: tuple[Path, Cast], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saves, "_seal", lambda tx, written: None)
    found_out(*file)
    assert saves._seal.__name__ == "<lambda>"


def test_control_counting_what_an_older_device_sent_is_found_out(
    file: tuple[Path, Cast], monkeypatch: pytest.MonkeyPatch
) -> None:
    mixing = late._COUNTING.element.text.replace("AND l.lease = a.lease", "")
    mixing = mixing.replace("('deadline_passed', 'closed')", "('deadline_passed', 'closed', 'taken_over')")
    columns = {"arrived_at": LateAnswer.__table__.c.arrived_at.type, "flagged": sa.Boolean}
    monkeypatch.setattr(late, "_COUNTING", sa.text(mixing).columns(**columns))
    found_out(*file)
    assert "taken_over" in mixing
    assert "a.lease" not in mixing


def test_control_closing_that_does_not_wait_for_the_queue_is_found_out(
    file: tuple[Path, Cast], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "DUE_MARGIN", 0)
    found_out(*file)
    assert service.DUE_MARGIN == 0
