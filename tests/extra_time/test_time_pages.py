"""The pages of time and evidence: what an official reads, in which steps things are done, and who may."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.models import Account, Approval
from tests.client import Client
from tests.conftest import SetClock
from tests.extra_time.samples import (
    DEADLINE,
    SWEPT,
    TIME_FORM,
    Day,
    a_day,
    add_outage,
    add_rescue_file,
    chosen,
    close,
    entries,
    own,
    rescue_entry,
    rescue_file,
    save,
    submit,
)
from tests.factories import MINUTE, START, add_booked, add_official, add_session, add_sitting, assign

PREVIEW = TIME_FORM | {"act": "preview"}


@pytest.fixture
def day(db: Database) -> Day:
    return a_day(db)


@pytest.fixture
def proctor(app: Flask, day: Day) -> Client:
    return Client(app).sign_in(day.proctor)


@pytest.fixture
def admin(app: Flask, day: Day) -> Client:
    return Client(app).sign_in(day.admin)


@pytest.fixture
def path(day: Day) -> str:
    return f"/attempts/{day.run.public_id}"


@pytest.fixture
def sitting(day: Day) -> str:
    return f"/attempts/sitting/{day.scene.sitting.public_id}"


def text(page: Any) -> str:
    """What is read, on one line."""
    return " ".join(page.get_data(as_text=True).split())


def test_the_page_tells_the_whole_attempt(proctor: Client, day: Day, path: str, clock: SetClock) -> None:
    save(day.db, day.run, START + MINUTE)
    other = add_session(day.db, day.run.candidate_id, START)
    with day.db.write() as tx:
        exam.join(tx, day.run.attempt_id, other.session_id, "Laptop kantor", True, START + 2 * MINUTE)
    close(day.db, day.run)
    save(day.db, day.run, DEADLINE + 5 * MINUTE, position=3)
    clock.at = SWEPT + 10 * MINUTE
    page = text(proctor.get(path))
    for told in ("Waktu: 60 menit", "Rabu, 4 November 2026 pukul 08.00 WIB", "<dd>1/4</dd>", "08.01.00 WIB",
                 "Laptop kantor", "Diambil alih dari perangkat lain", "Nomor 3", "09.05.00 WIB",
                 "oleh batas waktu", f"/attempts/sitting/{day.scene.sitting.public_id}"):  # fmt: skip
        assert told in page, told
    assert "1 pilihan" not in page, "no wording of an option is anywhere near"


def test_the_first_press_tells_what_it_would_do_and_does_nothing(
    proctor: Client, day: Day, path: str, clock: SetClock
) -> None:
    close(day.db, day.run)
    save(day.db, day.run, DEADLINE + 12 * MINUTE, position=1)
    clock.at = DEADLINE + 13 * MINUTE
    page = text(proctor.submit(f"{path}/time", **PREVIEW))
    assert "Batas waktu baru 09.18.00 WIB; 1 jawaban terlambat ikut dihitung." in page
    assert "Tes yang sudah ditutup dibuka lagi" in page
    assert "Beri 18 menit kepada" in page
    assert entries(day.db, day.run) == [("start", 3600)]


def test_the_second_press_gives_it_and_the_page_shows_the_sum_with_reason_and_author(
    proctor: Client, day: Day, path: str
) -> None:
    answer = proctor.submit(f"{path}/time", **TIME_FORM)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}#time")
    page = text(proctor.get(path))
    assert "Waktu: 60 + 18 menit" in page
    assert "Listrik padam. Listrik padam" in page
    assert "Petugas proctor, Rabu, 4 November 2026 pukul 08.00 WIB" in page


@pytest.mark.parametrize(
    ("changed", "status", "code", "said"),
    [
        ({"minutes": "dua"}, 422, "minutes_unreadable", "dalam menit dengan angka"),
        ({"reason_code": ""}, 422, "reason_unknown", "Pilih salah satu sebab"),
        ({"reason": ""}, 422, "words_missing", "Tulis apa yang terjadi"),
    ],
)
@pytest.mark.parametrize("whose", ["attempt", "sitting"])
def test_what_was_typed_wrong_is_said_beside_its_field(
    proctor: Client, day: Day, path: str, sitting: str, whose: str, changed: dict[str, str], status: int,
    code: str, said: str,
) -> None:  # fmt: skip
    where = {"attempt": path, "sitting": sitting}[whose] + "/time"
    typed = TIME_FORM | {"reason": "Listrik <padam>"} | changed
    page = proctor.submit(where, **typed)
    assert page.status_code == status
    assert said in page.text
    assert 'aria-invalid="true"' in page.text
    assert ("Listrik &lt;padam&gt;" in page.text) is ("reason" not in changed)
    assert proctor.post(where, **typed).get_json()["code"] == code
    assert entries(day.db, day.run) == [("start", 3600)]


def test_what_was_handed_in_is_offered_no_time_and_refused_it(proctor: Client, day: Day, path: str) -> None:
    submit(day.db, day.run, START + MINUTE)
    page = proctor.get(path).text
    assert "jadi waktunya tidak dapat ditambah" in page
    assert "Periksa tambahan waktu" not in page
    answer = proctor.post(f"{path}/time", **TIME_FORM)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "already_submitted")


def test_a_door_that_would_shut_is_said(proctor: Client, day: Day) -> None:
    waiting = add_booked(day.db, day.scene)
    page = proctor.submit(f"/attempts/{waiting.public_id}/time", **PREVIEW | {"minutes": "70"})
    assert page.status_code == 409
    assert "batas akhir masuknya menjadi 07.50 WIB" in page.text
    page = proctor.submit(f"/attempts/{waiting.public_id}/time", **PREVIEW)
    assert "ia harus masuk sebelum 08.42 WIB" in text(page)


def test_the_preset_is_an_admin_s_in_two_steps_and_once(
    proctor: Client, admin: Client, day: Day, path: str
) -> None:
    form = {"act": "grant", "reason": "Tunanetra"}
    assert proctor.post(f"{path}/accommodation", **form).status_code == 403
    assert "Akomodasi diberikan oleh admin kantor." in proctor.get(path).text
    shown = text(admin.submit(f"{path}/accommodation", act="preview", reason="Tunanetra"))
    assert "Batas waktu baru 09.18.00 WIB" in shown
    assert entries(day.db, day.run) == [("start", 3600)]
    assert admin.submit(f"{path}/accommodation", **form).status_code == 303
    again = admin.post(f"{path}/accommodation", **form)
    assert (again.status_code, again.get_json()["code"]) == (409, "accommodated_already")
    missing = admin.post(f"{path}/accommodation", act="grant", reason=" ")
    assert missing.get_json()["code"] == "words_missing"


def upload(client: Client, path: str, content: bytes) -> Any:
    return client.submit(f"{path}/rescue", file=(io.BytesIO(content), "penyelamat.json"))  # type: ignore[arg-type]


def test_a_rescue_file_is_loaded_asked_for_and_counted(
    proctor: Client, admin: Client, day: Day, path: str, clock: SetClock
) -> None:
    close(day.db, day.run)
    clock.at = SWEPT + MINUTE
    content = rescue_file(day.db, day.run, rescue_entry(2, option=4), rescue_entry(3, option=1))
    assert upload(proctor, path, content).status_code == 303
    page = text(proctor.get(path))
    assert "Soal dalam berkas: 2, 3. Lebih baru daripada yang tersimpan: 2, 3." in page
    file = page.partition('name="file" value="')[2].partition('"')[0]
    assert proctor.submit(f"{path}/rescue/count", file=file, reason="Jaringan mati").status_code == 303
    assert "Menunggu petugas lain" in proctor.get(path).text
    with day.db.read() as tx:
        question = tx.scalars(sa.select(Approval.public_id)).one()
    shown = text(admin.get(f"/approvals/{question}"))
    assert "Berkas penyelamat dapat dipalsukan" in shown
    assert "2, 3" in shown
    assert admin.submit(f"/approvals/{question}/grant").status_code == 303
    assert chosen(day.db, day.run) == {2: 4, 3: 1}
    assert "Dihitung" in proctor.get(path).text


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"", 422, "rescue_missing"), (b"x" * 70_000, 413, "rescue_too_large"),
     (b"{}", 422, "rescue_unreadable")],
    ids=["nothing", "large", "empty"],
)  # fmt: skip
def test_a_file_that_is_none_is_said_beside_its_field(
    proctor: Client, path: str, content: bytes, status: int, code: str
) -> None:
    page = upload(proctor, path, content)
    assert page.status_code == status
    assert 'id="file-problem"' in page.text
    answer = proctor.post(f"{path}/rescue", file=(io.BytesIO(content), "x.json"))  # type: ignore[arg-type]
    assert answer.get_json()["code"] == code


def test_a_question_without_a_reason_is_said_beside_that_file(proctor: Client, day: Day, path: str) -> None:
    file = add_rescue_file(day.db, day.run, day.proctor)
    page = proctor.submit(f"{path}/rescue/count", file=file, reason=" ")
    assert page.status_code == 422
    assert f'id="count-{file}-problem"' in page.text
    assert proctor.post(f"{path}/rescue/count", file="tidak-ada", reason="x").status_code == 404


def test_an_outage_is_given_back_with_one_click(
    proctor: Client, day: Day, sitting: str, clock: SetClock
) -> None:
    outage = add_outage(day.db, START + MINUTE, 155)
    clock.at = START + 5 * MINUTE
    page = text(proctor.get(sitting))
    assert "siapa pun antara 08.01.00 dan 08.03.35 WIB; 1 peserta sesi ini sedang mengerjakan." in page
    assert "1 peserta terkena" in page
    assert "Beri 2 menit 35 detik kepada 1 peserta" in page
    for _ in range(2):
        assert proctor.submit(f"{sitting}/outage", outage=outage.public_id).status_code == 303
    assert "Sudah diganti" in proctor.get(sitting).text
    assert own(day.db, day.run).extra_seconds == 155
    assert proctor.post(f"{sitting}/outage", outage="tidak-ada").status_code == 404


def test_the_board_is_told_what_is_due_until_it_is_given(
    app: Flask, proctor: Client, day: Day, sitting: str, clock: SetClock
) -> None:
    offers = f"/attempts/activity/{day.scene.selection.public_id}/offers"
    assert proctor.get_json(offers).get_json()["offers"] == []
    outage = add_outage(day.db, START + MINUTE, 155)
    clock.at = START + 5 * MINUTE
    (told,) = proctor.get_json(offers).get_json()["offers"]
    assert {name: told[name] for name in ("label", "time", "count", "page", "outage", "grant")} == {
        "label": "Sesi 1", "time": "2 menit 35 detik", "count": 1, "page": sitting,
        "outage": outage.public_id, "grant": f"{sitting}/outage",
    }  # fmt: skip
    with day.db.read() as tx:
        name = tx.get_one(Account, day.run.candidate_id).name
    assert told["people"] == [{"name": name, "time": "2 menit 35 detik"}]
    assert told["button"] == "Beri 2 menit 35 detik kepada 1 peserta"
    assert "08.01.00 dan 08.03.35 WIB" in told["evidence"]
    proctor.submit(f"{sitting}/outage", outage=outage.public_id)
    assert proctor.get_json(offers).get_json()["offers"] == []
    screener = Client(app).sign_in(add_official(day.db, "screener", day.scene.office).id)
    assert screener.get_json(offers).status_code == 403
    assert proctor.get_json("/attempts/activity/tidak-ada/offers").status_code == 404


def test_a_proctor_of_another_sitting_is_told_nothing_of_this_one(
    app: Flask, day: Day, sitting: str, path: str, clock: SetClock
) -> None:
    add_outage(day.db, START + MINUTE, 155)
    clock.at = START + 5 * MINUTE
    colleague = add_official(day.db, "proctor", day.scene.office).id
    assign(day.db, add_sitting(day.db, day.scene.selection.id, label="Sesi 2").id, colleague)
    client = Client(app).sign_in(colleague)
    board = f"/attempts/activity/{day.scene.selection.public_id}/offers"
    assert client.get_json(board).get_json()["offers"] == []
    assert client.get(sitting).status_code == client.get(path).status_code == 404
    assert client.post(f"{sitting}/time", **TIME_FORM).status_code == 404
    assert own(day.db, day.run).extra_seconds == 0


def test_time_for_a_sitting_tells_whom_it_reaches_and_who_decides(
    proctor: Client, admin: Client, day: Day, sitting: str, clock: SetClock
) -> None:
    add_outage(day.db, START + MINUTE, 155)
    clock.at = START + 5 * MINUTE
    one = text(proctor.submit(f"{sitting}/time", **PREVIEW | {"minutes": "2"}))
    assert "Beri 2 menit kepada 1 peserta" in one
    two = text(proctor.submit(f"{sitting}/time", **PREVIEW))
    assert "Minta petugas kedua menyetujui 18 menit" in two
    assert own(day.db, day.run).extra_seconds == 0
    proctor.submit(f"{sitting}/time", **TIME_FORM | {"minutes": "2"})
    assert own(day.db, day.run).extra_seconds == 120
    proctor.submit(f"{sitting}/time", **TIME_FORM)
    assert own(day.db, day.run).extra_seconds == 120
    assert "sedang menunggu" in proctor.get(sitting).text
    again = proctor.submit(f"{sitting}/time", **TIME_FORM)
    assert again.status_code == 409
    with day.db.read() as tx:
        question = tx.scalars(sa.select(Approval.public_id)).one()
    assert "Tambah waktu seluruh Sesi 1" in admin.get(f"/approvals/{question}").text
    assert admin.submit(f"/approvals/{question}/grant").status_code == 303
    assert own(day.db, day.run).extra_seconds == 120 + 1080


def test_nobody_to_give_time_to_is_said(proctor: Client, day: Day, sitting: str) -> None:
    submit(day.db, day.run, START + timedelta(seconds=1))
    page = proctor.submit(f"{sitting}/time", **TIME_FORM)
    assert page.status_code == 409
    assert "jadi tidak ada waktu yang ditambah" in text(page)


def test_the_way_there_starts_at_desk_board_and_the_candidates_file(
    admin: Client, day: Day, path: str, sitting: str
) -> None:
    with day.db.read() as tx:
        person = tx.get_one(Account, day.run.candidate_id).public_id
    assert path in admin.get(f"/people/{person}").text
    assert sitting in admin.get("/desk/jepara/2026/sittings").text
    assert sitting in admin.get(f"/desk/sittings/{day.scene.sitting.public_id}").text
    board = admin.get(f"/board/{day.scene.selection.public_id}").text
    assert '"candidate": "/timeline/"' in board
    assert f"/attempts/activity/{day.scene.selection.public_id}/offers" in board
