"""Exports are made beside the server, hold everything with real types, and go after a day."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from exam_server import apart
from exam_server.archives import dossiers, jobs, service, zipped
from exam_server.archives.jobs import Export
from exam_server.archives.refusals import CandidateUnknown, ExportGone, ExportNotReady, ExportUnknown
from exam_server.archives.worker import Exporting
from exam_server.db import Database
from exam_server.models import Account, AuditEntry
from exam_server.ranking.refusals import ScoresNotOpened
from tests.announcements.announcing import happen
from tests.conftest import SetClock
from tests.factories import HOUR
from tests.ranking.stand import AFTER, Stand, build

FORMULA = '=HYPERLINK("http://jahat.example")'


@pytest.fixture
def stand(db: Database) -> Stand:
    return build(db, frozen=True)


@pytest.fixture
def worker(db: Database, clock: SetClock, tmp_path: Path) -> Exporting:
    clock.at = AFTER
    return Exporting(db, clock, tmp_path)


def ask(stand: Stand, folder: Path, kind: str = "workbook") -> str:
    return service.ask(stand.db, folder, stand.place, kind, stand.admin, AFTER)


def made(stand: Stand, worker: Exporting, folder: Path, kind: str) -> Export:
    """An export that is ready."""
    asked = ask(stand, folder, kind)
    assert worker.round() == 1
    return service.take(stand.db, folder, stand.place, asked, stand.admin, AFTER)


def rename(stand: Stand, index: int, name: str) -> None:
    with stand.db.write() as tx:
        tx.execute(
            sa.update(Account).where(Account.id == stand.people[index].run.candidate_id).values(name=name)
        )


def test_the_workbook_holds_everything_with_real_types(
    stand: Stand, worker: Exporting, tmp_path: Path
) -> None:
    rename(stand, 1, FORMULA)
    happen(stand, "withdrew", 0, AFTER)
    found = made(stand, worker, tmp_path, "workbook")
    assert hashlib.sha256(found.result.read_bytes()).hexdigest() == found.sha256
    book = load_workbook(io.BytesIO(found.result.read_bytes()))
    assert book.sheetnames == [
        "Hasil",
        "Nilai per topik",
        "Butir soal",
        "Tidak hadir",
        "Perubahan",
        "Pengganti",
    ]
    sheet = book["Hasil"]
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [row["Nomor peserta"] for row in rows] == [one.number for one in stand.people]
    assert [row["Peringkat"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["Benar"] for row in rows] == [4, 3, 2, 1, 0]
    assert rows[0]["Nilai akhir"] == 100
    assert rows[1]["Nama"] == FORMULA
    assert (rows[0]["Hasil saat dibekukan"], rows[0]["Keadaan sekarang"]) == ("Diterima", "Mengundurkan diri")
    assert str(rows[0]["Mulai (WIB)"]) == "2026-11-04 08:00:00"
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in book["Tidak hadir"]["A"]][1:] == [one.number for one in stand.absent]
    assert book["Nilai per topik"]["C2"].value is not None
    assert book["Butir soal"].max_row > 1
    assert [cell.value for cell in book["Pengganti"][2]][1:4] == [
        stand.people[0].number, "Peserta 001", "Mengundurkan diri",
    ]  # fmt: skip
    with zipfile.ZipFile(found.result) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_the_main_list_as_csv_calculates_nothing(stand: Stand, worker: Exporting, tmp_path: Path) -> None:
    rename(stand, 0, FORMULA)
    data = made(stand, worker, tmp_path, "csv").result.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))
    assert rows[1][:3] == ["1", stand.people[0].number, "'" + FORMULA]
    assert len(rows) == 1 + len(stand.people)


def test_before_a_list_is_frozen_scores_are_there_and_ranks_are_not(
    db: Database, worker: Exporting, tmp_path: Path
) -> None:
    stand = build(db)
    book = load_workbook(io.BytesIO(made(stand, worker, tmp_path, "workbook").result.read_bytes()))
    assert {row[0].value for row in book["Hasil"].iter_rows(min_row=2)} == {None}
    assert book["Hasil"].max_row == 1 + len(stand.people)


def test_every_candidate_has_a_file_that_the_manifest_names(
    stand: Stand, worker: Exporting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped, "PART", 2)  # three processes, one after another
    found = made(stand, worker, tmp_path, "dossiers")
    with zipfile.ZipFile(found.result) as archive:
        assert archive.testzip() is None
        lines = archive.read("manifest.csv").decode().splitlines()[1:]
        assert len(lines) == 2 * len(stand.people)
        for line in lines:
            name, size, digest, _ = line.split(";")
            data = archive.read(name)
            assert (len(data), hashlib.sha256(data).hexdigest()) == (int(size), digest)
        told = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
    assert {one["number"] for one in told} == {one.number for one in stand.people}
    assert [dossiers.seal(one) == one["sha256"] for one in told] == [True] * len(told)


def test_a_candidates_file_tells_the_whole_attempt_and_no_key(stand: Stand) -> None:
    happen(stand, "withdrew", 0, AFTER)
    number = stand.people[0].number
    said = json.loads(service.candidate(stand.db, stand.place, number.lower(), "json", stand.admin, AFTER))
    assert said["number"] == number
    assert len(said["paper"]["items"]) == len(said["responses"]) == 4
    assert said["journal"][0]["kind"] == "drawn"
    assert [(one["correct"], len(one["keys"])) for one in said["scores"]] == [(4, 4)]
    assert [one["code"] for one in said["receipts"]]
    assert [one["kind"] for one in said["ledger"]] == ["start"]
    assert (said["placings"][0]["rank"], said["placings"][0]["list"]["number"]) == (1, 1)
    assert [one["kind"] for one in said["events"]] == ["withdrew"]
    whole = json.dumps(said)
    assert [word for word in ('accepted": [', "Pembahasan", "@surel", "1998-05-17") if word in whole] == []


def test_a_candidates_file_can_be_read_and_escapes_everything(stand: Stand) -> None:
    rename(stand, 0, "<script>alert(1)</script>")
    page = service.candidate(
        stand.db, stand.place, stand.people[0].number, "html", stand.admin, AFTER
    ).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert" in page
    assert "Soal nomor" in page


def test_the_trail_keeps_who_made_and_took_what(stand: Stand, worker: Exporting, tmp_path: Path) -> None:
    made(stand, worker, tmp_path, "csv")
    service.candidate(stand.db, stand.place, stand.people[0].number, "json", stand.admin, AFTER)
    with stand.db.read() as tx:
        rows = list(tx.scalars(sa.select(AuditEntry).where(AuditEntry.act.startswith("archive."))))
    assert [(row.act, row.actor_id) for row in rows] == [
        ("archive.made", stand.admin), ("archive.taken", stand.admin), ("archive.candidate", stand.admin),
    ]  # fmt: skip


def test_asking_twice_while_it_waits_is_one_export(stand: Stand, tmp_path: Path) -> None:
    assert ask(stand, tmp_path) == ask(stand, tmp_path)
    assert ask(stand, tmp_path, "csv") != ask(stand, tmp_path)


def test_each_export_is_made_by_one_worker(stand: Stand, worker: Exporting, tmp_path: Path) -> None:
    (found,) = [jobs.find(tmp_path, ask(stand, tmp_path), AFTER)]
    assert found is not None
    assert [jobs.claim(found, AFTER), jobs.claim(found, AFTER)] == [True, False]
    assert worker.round() == 0


def test_how_far_it_is_can_be_asked_at_any_time(stand: Stand, tmp_path: Path) -> None:
    asked = ask(stand, tmp_path)
    found = service.find(tmp_path, stand.place, asked, stand.admin, AFTER)
    assert found.state == "waiting"
    jobs.claim(found, AFTER)
    jobs.report(found, 3, 7, AFTER)
    again = service.find(tmp_path, stand.place, asked, stand.admin, AFTER)
    assert (again.state, again.done, again.total) == ("running", 3, 7)


def test_what_is_not_ready_cannot_be_taken(stand: Stand, tmp_path: Path) -> None:
    asked = ask(stand, tmp_path)
    with pytest.raises(ExportNotReady):
        service.take(stand.db, tmp_path, stand.place, asked, stand.admin, AFTER)


def test_an_export_whose_maker_is_gone_has_failed_and_can_be_asked_for_again(
    stand: Stand, tmp_path: Path
) -> None:
    asked = ask(stand, tmp_path)
    found = service.find(tmp_path, stand.place, asked, stand.admin, AFTER)
    jobs.claim(found, AFTER)
    later = AFTER + timedelta(minutes=6)
    assert service.find(tmp_path, stand.place, asked, stand.admin, later).state == "failed"
    assert service.ask(stand.db, tmp_path, stand.place, "workbook", stand.admin, later) != asked


def test_a_reckoning_that_fails_is_told_and_stops_nothing(
    stand: Stand, worker: Exporting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise apart.ReckoningFailed

    asked = ask(stand, tmp_path)
    monkeypatch.setattr(apart, "reckon", failing)
    assert worker.round() == 0
    assert service.find(tmp_path, stand.place, asked, stand.admin, AFTER).state == "failed"


def test_after_a_day_it_is_gone_from_the_disk(
    stand: Stand, worker: Exporting, tmp_path: Path, clock: SetClock
) -> None:
    found = made(stand, worker, tmp_path, "csv")
    clock.at = AFTER + 24 * HOUR
    with pytest.raises(ExportGone):
        service.find(tmp_path, stand.place, found.job.public_id, stand.admin, clock.at)
    assert jobs.tidy(tmp_path, clock.at) == 1
    assert not found.folder.exists()


def test_nobody_finds_the_export_of_somebody_else(stand: Stand, worker: Exporting, tmp_path: Path) -> None:
    found = made(stand, worker, tmp_path, "csv")
    with pytest.raises(ExportGone):
        service.find(tmp_path, stand.place, found.job.public_id, stand.second, AFTER)


@pytest.mark.parametrize("name", ["..", "../../etc", "a" * 100, "", "job.json"])
def test_a_name_that_no_export_has_is_not_there(stand: Stand, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportGone):
        service.find(tmp_path, stand.place, name, stand.admin, AFTER)


def test_an_unknown_kind_is_refused(stand: Stand, tmp_path: Path) -> None:
    with pytest.raises(ExportUnknown):
        ask(stand, tmp_path, "nik")
    with pytest.raises(ExportUnknown):
        service.candidate(stand.db, stand.place, stand.people[0].number, "exe", stand.admin, AFTER)


@pytest.mark.parametrize("number", ["TIDAKADA", "", "%", "________"])
def test_a_number_that_nobody_has_is_refused(stand: Stand, number: str) -> None:
    with pytest.raises(CandidateUnknown):
        service.candidate(stand.db, stand.place, number, "json", stand.admin, AFTER)


def test_scores_that_were_not_opened_are_not_exported(db: Database, tmp_path: Path) -> None:
    stand = build(db, opened=False)
    with pytest.raises(ScoresNotOpened):
        ask(stand, tmp_path)
    with pytest.raises(ScoresNotOpened):
        service.candidate(db, stand.place, stand.people[0].number, "json", stand.admin, AFTER)
