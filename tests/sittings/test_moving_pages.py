"""Moving a sitting over the pages of two officials."""

from __future__ import annotations

import pytest
from flask import Flask

from exam_server.models import Approval
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    add_booked,
)
from tests.sittings.moving_desk import LATER, NOW, Desk

PATH = "/desk/sittings/{}/move"


@pytest.fixture
def two(app: Flask, desk: Desk) -> tuple[Client, Client]:
    return Client(app).sign_in(desk.asker), Client(app).sign_in(desk.other)


def test_the_whole_way_over_the_pages(desk: Desk, two: tuple[Client, Client], clock: SetClock) -> None:
    clock.at = NOW
    run = add_booked(desk.db, desk.scene)
    asker, other = two
    path = PATH.format(desk.scene.sitting.public_id)
    assert 'value="2026-11-04"' in asker.get(path).text
    answer = asker.submit(path, day="2026-11-06", starts="08.00", minutes="120", reason="Listrik padam")
    page = answer.headers["Location"]
    assert "Menunggu petugas lain" in asker.get(page).text
    assert "Setujui:" not in asker.get(page).text
    alone = asker.submit(f"{page}/grant")
    assert alone.status_code == 409
    assert "Permintaan ini Anda ajukan sendiri" in alone.text
    seen = other.get(page).text
    assert "Setujui: pindahkan Sesi 1 ke Jumat, 6 November 2026 pukul 08.00 WIB" in seen
    assert "Listrik padam" in seen
    assert other.submit(f"{page}/grant").status_code == 303
    assert desk.sitting().starts_at == LATER
    detail = other.get(f"/desk/sittings/{desk.scene.sitting.public_id}").text
    assert "Dari Rabu, 4 November 2026 pukul 08.00 WIB ke Jumat, 6 November 2026" in detail
    public = other.get("/offices/jepara").text
    assert "menjadi Jumat, 6 November 2026 pukul 08.00 WIB" in public
    candidate = Client(asker.app).sign_in(run.candidate_id)
    assert "Jumat, 6 November 2026" in candidate.get("/booking").text


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"day": "besok"}, "start_unreadable", "Tulis tanggal dan jam mulai"),
        ({"starts": "8"}, "start_unreadable", "Tulis tanggal dan jam mulai"),
        ({"minutes": "dua"}, "length_unreadable", "dalam menit dengan angka"),
        ({"minutes": "60"}, "move_shortens", "paling sedikit 120 menit"),
        ({"day": "2026-11-03"}, "move_not_later", "waktu yang lebih akhir"),
        ({"day": "2026-12-24"}, "move_outside_stage", "di luar tahap Tes Kompetensi"),
        ({"reason": " "}, "reason_missing", "Tulis alasannya"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
def test_a_move_that_cannot_be_is_said_beside_its_field(
    desk: Desk, two: tuple[Client, Client], clock: SetClock, changed: dict[str, str], code: str, said: str
) -> None:
    clock.at = NOW
    typed = {"day": "2026-11-06", "starts": "08.00", "minutes": "120", "reason": "Listrik <padam>"} | changed
    path = PATH.format(desk.scene.sitting.public_id)
    answer = two[0].submit(path, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert ("Listrik &lt;padam&gt;" in answer.text) is ("reason" not in changed)
    assert two[0].post(path, **typed).get_json()["code"] == code
    assert desk.all(Approval) == []
