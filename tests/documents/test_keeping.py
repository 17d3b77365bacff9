"""File before row, one newest row per kind, and nothing left behind by what broke off or was forgotten."""

from __future__ import annotations

import io
import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.documents import files, intake, receiving, service
from exam_server.documents.refusals import NotSettled
from exam_server.models import ApplicationVersion, Document
from tests.client import Client
from tests.conftest import SetClock
from tests.documents import corpus
from tests.documents.sending import folder, held, send
from tests.factories import START, add_account, add_applicant, add_scene


def at_once(act: Any, *args: Any) -> Any:
    return act(*args)


def receive(db: Database, data_dir: Path, account_id: int, data: bytes, kind: str = "ktp") -> service.Held:
    return receiving.receive(db, data_dir, at_once, account_id, kind, io.BytesIO(data), START)


def stored(data_dir: Path) -> list[Path]:
    """Folders at their place."""
    root = data_dir / "documents"
    return [path for path in root.glob("??/*") if path.is_dir()]


@pytest.fixture
def owner(db: Database) -> int:
    return add_account(db).id


def test_a_row_that_cannot_be_written_leaves_no_row_without_a_file(
    db: Database, tmp_path: Path, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = receive(db, tmp_path, owner, corpus.jpeg())
    seen: list[list[Path]] = []

    def fail(*_: Any, **__: Any) -> None:
        seen.append(stored(tmp_path))
        raise OSError("the power is gone")

    with monkeypatch.context() as patch:
        patch.setattr(service.audit, "record", fail)
        with pytest.raises(OSError, match="the power is gone"):
            receive(db, tmp_path, owner, corpus.png())
    assert len(seen[0]) == 2, "the file was at its place before the row was written"
    assert held(db, owner) == former
    with db.read() as tx:
        names = set(tx.scalars(sa.select(Document.stored_name)))
    assert names <= {path.name for path in stored(tmp_path)}


def test_what_a_broken_upload_left_behind_goes_an_hour_later(
    db: Database, tmp_path: Path, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = receive(db, tmp_path, owner, corpus.jpeg())
    with monkeypatch.context() as patch:
        patch.setattr(service, "keep", lambda *_, **__: os.abort if False else 1 / 0)
        with pytest.raises(ZeroDivisionError):
            receive(db, tmp_path, owner, corpus.png())
    root = tmp_path / "documents"
    staged = root / "incoming" / "half"
    staged.mkdir()
    early = (START - timedelta(hours=2)).timestamp()
    receiving.tidy(db, tmp_path, START - timedelta(days=400))
    assert len(stored(tmp_path)) == 2
    for path in [*(root / "pending").iterdir(), staged]:
        os.utime(path, (early, early))
    receiving.tidy(db, tmp_path, START)
    with db.read() as tx:
        kept = tx.scalars(sa.select(Document.stored_name).where(Document.id == former.id)).one()
    assert [path.name for path in stored(tmp_path)] == [kept]
    assert list((root / "pending").iterdir()) == []
    assert not staged.exists()


def test_a_marker_whose_row_was_committed_takes_nothing_away(
    db: Database, tmp_path: Path, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(files, "settled", lambda *_: None)
        receive(db, tmp_path, owner, corpus.jpeg())
    early = (START - timedelta(hours=2)).timestamp()
    for path in (tmp_path / "documents" / "pending").iterdir():
        os.utime(path, (early, early))
    receiving.tidy(db, tmp_path, START)
    assert len(stored(tmp_path)) == 1


def test_everything_is_on_disk_before_the_folder_is_moved(
    db: Database, tmp_path: Path, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    rename, on_disk = Path.rename, files._on_disk
    monkeypatch.setattr(files, "_on_disk", lambda path: (done.append(f"fsync {path.name}"), on_disk(path)))
    monkeypatch.setattr(Path, "rename", lambda self, to: (done.append("rename"), rename(self, to)))
    receive(db, tmp_path, owner, corpus.pdf())
    before, after = done[: done.index("rename")], done[done.index("rename") :]
    assert {"fsync original", "fsync page-1.jpg", "fsync thumb.jpg", "fsync pending"} <= set(before)
    assert {"fsync incoming", "fsync documents", f"fsync {tmp_path.name}"} <= set(after)
    assert len(after) == 5


def test_two_uploads_at_once_leave_one_that_counts(db: Database, tmp_path: Path, owner: int) -> None:
    problems: list[BaseException] = []
    start = threading.Barrier(4)

    def keep(number: int) -> None:
        start.wait()
        try:
            service.keep(db, owner, "ktp", f"name-{number}", START, sha256=f"{number:064x}", size=1,
                         media_type="image/jpeg", pages=1)  # fmt: skip
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with db.read() as tx:
        rows = tx.scalars(sa.select(Document)).all()
        assert len(rows) == 4
        assert sum(row.replaced_at is None for row in rows) == 1
        assert len(service.newest(tx, owner)) == 1


def test_an_upload_that_never_gets_its_turn_is_refused(
    db: Database, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: Any) -> None:
        raise sa.exc.IntegrityError("", {}, Exception())

    monkeypatch.setattr(service, "_put_in_place", taken)
    with pytest.raises(NotSettled):
        service.keep(db, owner, "ktp", "name", START, sha256="0" * 64, size=1, media_type="image/jpeg",
                     pages=1)  # fmt: skip


def test_a_file_that_an_application_names_stays_when_it_is_replaced(
    client: Client, db: Database, clock: SetClock
) -> None:
    account = add_applicant(db, add_scene(db, items=0))
    client.sign_in(account.id)
    send(client, corpus.jpeg())
    first = held(db, account.id)
    assert first is not None
    with db.write() as tx:
        entry = tx.execute(sa.text("SELECT id FROM application")).scalar_one()
        tx.add(ApplicationVersion(application_id=entry, number=1, sent_at=START, data={},
                                  documents={"ktp": first.id}))  # fmt: skip
    for _ in range(3):
        clock.pass_by(minutes=61)
        send(client, corpus.png())
    with db.read() as tx:
        assert set(service.by_ids(tx, [first.id])) == {first.id}
    assert client.get(f"/documents/{first.public_id}/pages/1").status_code == 200


def test_a_file_that_was_replaced_and_never_sent_goes_an_hour_later(
    client: Client, db: Database, clock: SetClock, owner: int
) -> None:
    client.sign_in(owner)
    send(client, corpus.jpeg())
    first = held(db, owner)
    assert first is not None
    place = folder(client, db, first.public_id)
    send(client, corpus.png())
    assert place.is_dir()
    clock.pass_by(minutes=61)
    send(client, corpus.png())
    assert not place.exists()
    assert client.get_json(f"/documents/{first.public_id}/pages/1").status_code == 404


def test_a_purge_forgets_every_file_after_its_commit(
    client: Client, db: Database, clock: SetClock, owner: int
) -> None:
    client.sign_in(owner)
    for kind in ("ktp", "photo"):
        send(client, corpus.jpeg(), kind)
    data_dir = client.house.settings.data_dir
    with pytest.raises(ZeroDivisionError), db.write() as tx:
        service.purge(tx, owner, clock.at)
        raise ZeroDivisionError
    assert len(stored(data_dir)) == 2
    with db.write() as tx:
        assert len(service.purge(tx, owner, clock.at)) == 2
    assert stored(data_dir) == []
    with db.read() as tx:
        assert service.newest(tx, owner) == {}
        assert service.by_ids(tx, [1, 2]) == {}
    send(client, corpus.jpeg())
    assert held(db, owner) is not None


def test_folders_of_a_purge_go_even_when_the_server_died_after_its_commit(
    db: Database, tmp_path: Path, owner: int
) -> None:
    receive(db, tmp_path, owner, corpus.jpeg())
    with db.write() as tx:
        service.purge(tx, owner, START)  # no application listens to this database
    assert len(stored(tmp_path)) == 1
    receiving.tidy(db, tmp_path, START + timedelta(minutes=1))
    assert stored(tmp_path) == []


def test_a_row_without_its_file_is_not_found(client: Client, db: Database, owner: int) -> None:
    client.sign_in(owner)
    send(client, corpus.jpeg())
    kept = held(db, owner)
    assert kept is not None
    files.remove(client.house.settings.data_dir, folder(client, db, kept.public_id).name)
    assert client.get_json(f"/documents/{kept.public_id}/pages/1").status_code == 404


def test_slow_work_with_the_disk_runs_elsewhere(db: Database, tmp_path: Path, owner: int) -> None:
    elsewhere: list[str] = []

    def watched(act: Any, *args: Any) -> Any:
        elsewhere.append(act.__name__)
        return act(*args)

    receiving.receive(db, tmp_path, watched, owner, "ktp", io.BytesIO(corpus.jpeg()), START)
    assert elsewhere[:2] == ["take_in", "publish"]
    assert intake.AT_ONCE >= 1
