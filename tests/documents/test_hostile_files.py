"""The hostile corpus: each file is refused for its own reason, and what was kept before stays."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from exam_server.db import Database
from exam_server.documents import intake, refusals
from exam_server.documents.refusals import BY_CODE
from tests.client import Client
from tests.documents import corpus
from tests.documents.sending import folder, held, send, send_page
from tests.factories import add_account

HOSTILE = corpus.hostile()


@pytest.mark.parametrize(
    ("db", "name"),
    [("sqlite", name) for name in HOSTILE] + [("postgresql", sorted(HOSTILE)[0])],  # no file gets that far
    indirect=["db"],
)
def test_a_hostile_file_is_refused_for_its_own_reason_and_the_former_one_is_kept(
    client: Client, db: Database, name: str
) -> None:
    owner = add_account(db).id
    client.sign_in(owner)
    send(client, corpus.jpeg())
    former = held(db, owner)
    assert former is not None
    data, code = HOSTILE[name]
    told = send(client, data, name=name)
    assert (told.status_code, told.get_json()["code"]) == (422, code)
    page = send_page(client, data, name=name)
    sentence = told.get_json()["sentence"]
    assert page.status_code == 422
    assert sentence in unescape(page.get_data(as_text=True))
    assert 'aria-invalid="true"' in page.get_data(as_text=True)
    assert held(db, owner) == former
    assert folder(client, db, former.public_id).is_dir()
    left = client.house.settings.data_dir / "documents" / "incoming"
    assert list(left.iterdir()) == []


def test_every_reason_has_its_own_sentence_that_says_what_is_kept() -> None:
    sentences = [one.sentence for one in BY_CODE.values()]
    assert len(set(sentences)) == len(sentences)
    assert all("erkas sebelumnya tidak berubah" in sentence for sentence in sentences)
    assert "Paling kompatibel" in refusals.Heic.sentence


def test_the_bomb_is_as_small_as_promised() -> None:
    assert len(corpus.pdf_bomb()) < 2048


def test_a_name_that_lies_changes_nothing(client: Client, db: Database) -> None:
    client.sign_in(add_account(db).id)
    assert send(client, corpus.HEIC, name="ktp.jpg").get_json()["code"] == "heic"
    assert send(client, corpus.jpeg(), name="ktp.heic").status_code == 200


def test_the_child_has_no_secret_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {}
    start = intake.subprocess.Popen

    def watched(*args: object, **named: object) -> object:
        given.update(named)
        return start(*args, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(intake.subprocess, "Popen", watched)
    monkeypatch.setenv("SECRET_KEY", "kanari")
    file = tmp_path / "berkas"
    file.write_bytes(corpus.jpeg())
    assert intake.examine(file, tmp_path).media_type == "image/jpeg"
    assert given["env"] == {"LC_ALL": "C.UTF-8"}


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("while True: pass")
    monkeypatch.setattr(intake, "CHILD", slow)
    monkeypatch.setattr(intake, "PATIENCE", 0.3)
    with pytest.raises(refusals.ExaminerBusy):
        intake.examine(slow, tmp_path)


def test_a_child_that_is_killed_means_a_file_too_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text("import os; os.abort()")
    monkeypatch.setattr(intake, "CHILD", dying)
    with pytest.raises(refusals.TooHeavy):
        intake.examine(dying, tmp_path)


def test_a_child_that_fails_is_not_the_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise ValueError('3320011705980001')")
    monkeypatch.setattr(intake, "CHILD", broken)
    with pytest.raises(refusals.ExaminationFailed):
        intake.examine(broken, tmp_path)
    assert "ValueError" in caplog.text
    assert "3320011705980001" not in caplog.text


def test_no_more_files_are_opened_at_once_than_leave_a_core_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "QUEUE_PATIENCE", 0.05)
    turns = [intake._turns.acquire(timeout=1) for _ in range(intake.AT_ONCE)]
    try:
        with pytest.raises(refusals.ExaminerBusy):
            intake.examine(tmp_path / "berkas", tmp_path)
    finally:
        for _ in turns:
            intake._turns.release()
    assert all(turns)
