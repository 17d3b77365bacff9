"""Good files: what is kept of them, the receipt, the cards, the limits."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections import namedtuple

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from exam_server.db import Database
from exam_server.documents import files
from tests.client import Client
from tests.conftest import SetClock
from tests.documents import corpus
from tests.documents.sending import folder, held, send, send_page, trail
from tests.factories import add, add_account, add_running, add_scene, make_office, make_profile

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def owner(client: Client, db: Database) -> int:
    """A candidate, signed in."""
    account = add_account(db)
    client.sign_in(account.id)
    return account.id


def shown(answer: TestResponse) -> Image.Image:
    picture = Image.open(io.BytesIO(answer.data))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("data", "media_type", "pages"),
    [
        (corpus.jpeg(), "image/jpeg", 1),
        (corpus.png(), "image/png", 1),
        (corpus.png(mode="P"), "image/png", 1),
        (corpus.png(mode="RGBA"), "image/png", 1),
        (corpus.pdf(1), "application/pdf", 1),
        (corpus.pdf(10), "application/pdf", 10),
    ],
    ids=["jpeg", "png", "palette", "transparent", "pdf", "ten pages"],
)
def test_a_good_file_is_kept_with_its_receipt(
    client: Client, db: Database, clock: SetClock, owner: int, data: bytes, media_type: str, pages: int
) -> None:
    answer = send(client, data)
    assert answer.status_code == 200
    kept = held(db, owner)
    assert kept is not None
    assert (kept.media_type, kept.pages, kept.size) == (media_type, pages, len(data))
    assert (kept.sha256, kept.uploaded_at) == (hashlib.sha256(data).hexdigest(), clock.at)
    assert answer.get_json()["sha256"] == kept.sha256
    for page in range(1, pages + 1):
        assert shown(client.get(f"/documents/{kept.public_id}/pages/{page}")).format == "JPEG"
    assert client.get_json(f"/documents/{kept.public_id}/pages/{pages + 1}").status_code == 404
    assert max(shown(client.get(f"/documents/{kept.public_id}/thumbnail")).size) <= 240
    assert [row.detail for row in trail(db, "document.uploaded")] == [{"kind": "ktp", "sha256": kept.sha256}]


def test_a_photo_of_an_upright_phone_is_shown_upright(client: Client, db: Database, owner: int) -> None:
    send(client, corpus.camera_jpeg())
    kept = held(db, owner)
    assert kept is not None
    picture = shown(client.get(f"/documents/{kept.public_id}/pages/1"))
    assert picture.size == (200, 400)
    top, bottom = picture.getpixel((100, 50)), picture.getpixel((100, 350))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 50 > top[2]
    assert bottom[2] > 200 > 50 > bottom[0]


def test_nothing_that_is_kept_or_served_tells_where_a_photo_was_taken(
    client: Client, db: Database, owner: int
) -> None:
    send(client, corpus.camera_jpeg())
    kept = held(db, owner)
    assert kept is not None
    place = folder(client, db, kept.public_id)
    assert sorted(path.name for path in place.iterdir()) == ["page-1.jpg", "thumb.jpg"]
    served = [client.get(f"/documents/{kept.public_id}/{part}").data for part in
              ("pages/1", "thumbnail", "original")]  # fmt: skip
    for data in [*served, *(path.read_bytes() for path in place.iterdir())]:
        assert corpus.PLACE.encode() in corpus.camera_jpeg()
        assert corpus.PLACE.encode() not in data
        assert b"Exif" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


def test_a_large_photo_is_kept_smaller(client: Client, db: Database, owner: int) -> None:
    send(client, corpus.jpeg(4000, 3000))
    kept = held(db, owner)
    assert kept is not None
    assert shown(client.get(f"/documents/{kept.public_id}/pages/1")).size == (2400, 1800)


def test_of_a_pdf_the_file_as_sent_can_be_fetched(client: Client, db: Database, owner: int) -> None:
    send(client, corpus.pdf(2), "ijazah")
    kept = held(db, owner, "ijazah")
    assert kept is not None
    answer = client.get(f"/documents/{kept.public_id}/original")
    assert answer.data == corpus.pdf(2)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ijazah.pdf"'


@pytest.mark.parametrize("part", ["pages/1", "thumbnail", "original"])
def test_what_is_served_can_neither_run_nor_be_kept_by_a_browser(
    client: Client, db: Database, owner: int, part: str
) -> None:
    send(client, corpus.jpeg())
    kept = held(db, owner)
    assert kept is not None
    headers = client.get(f"/documents/{kept.public_id}/{part}").headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Disposition"].startswith("attachment" if part == "original" else "inline")


def test_a_page_is_named_after_its_kind(client: Client, db: Database, owner: int) -> None:
    send(client, corpus.jpeg())
    kept = held(db, owner)
    assert kept is not None
    headers = client.get(f"/documents/{kept.public_id}/pages/1").headers
    assert headers["Content-Disposition"] == 'inline; filename="ktp-1.jpg"'


@pytest.mark.parametrize("name", ["../../x", "..\\..\\x.exe", "/", "a" * 300, "x.php", "\u202egpj.exe"])
def test_the_name_that_a_browser_sends_has_no_effect(
    client: Client, db: Database, owner: int, name: str
) -> None:
    assert send(client, corpus.jpeg(), name=name).status_code == 200
    root = client.house.settings.data_dir / "documents"
    kept = [path.relative_to(root).parts for path in root.rglob("*") if path.is_file()]
    assert {parts[-1] for parts in kept} == {"page-1.jpg", "thumb.jpg"}
    assert all(len(parts) == 3 for parts in kept)


def test_files_are_readable_by_the_server_alone(client: Client, db: Database, owner: int) -> None:
    send(client, corpus.pdf())
    root = client.house.settings.data_dir / "documents"
    assert {path.stat().st_mode & 0o777 for path in root.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o077 for path in root.rglob("*") if path.is_dir()} == {0}


def test_a_browser_without_scripts_is_led_back_to_its_card(client: Client, db: Database, owner: int) -> None:
    answer = send_page(client, corpus.png(), "photo")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/documents?sent=photo#photo"
    page = client.get("/documents?sent=photo").get_data(as_text=True)
    kept = held(db, owner, "photo")
    assert kept is not None
    assert kept.sha256 in page
    assert "Rabu, 4 November 2026 pukul 08.00 WIB" in page
    assert f"/documents/{kept.public_id}/thumbnail" in page


def test_the_receipt_tells_the_time_of_the_place_where_a_person_lives(
    client: Client, db: Database, owner: int
) -> None:
    office = add(db, make_office(zone="Asia/Jayapura"))
    add(db, make_profile(owner, office.id))
    send(client, corpus.jpeg())
    assert "pukul 10.00 WIT" in client.get("/documents").get_data(as_text=True)


def test_a_card_says_when_its_file_has_grown_old(
    client: Client, db: Database, clock: SetClock, owner: int
) -> None:
    send(client, corpus.jpeg(), "photo")
    send(client, corpus.jpeg(), "ktp")
    assert "Perlu diunggah ulang" not in client.get("/documents").get_data(as_text=True)
    clock.pass_by(days=366)
    client.sign_in(owner)
    page = client.get("/documents").get_data(as_text=True)
    assert page.count("Perlu diunggah ulang") == 1


def test_an_unknown_kind_is_not_found(client: Client, owner: int) -> None:
    assert send(client, corpus.jpeg(), "rapor").status_code == 404


def test_a_form_without_a_file_is_told_so(client: Client, owner: int) -> None:
    answer = send_page(client, b"", name="")
    assert answer.status_code == 422
    assert "Belum ada berkas yang dipilih" in answer.get_data(as_text=True)


@pytest.mark.parametrize("more", [1, 200_000])
def test_a_file_over_the_limit_is_told_the_limit_on_its_own_page(
    client: Client, db: Database, owner: int, more: int
) -> None:
    send(client, corpus.jpeg())
    former = held(db, owner)
    data = corpus.jpeg() + bytes(5 * 1024 * 1024)
    answer = send_page(client, data[: 5 * 1024 * 1024 + more])
    assert answer.status_code == 413
    page = answer.get_data(as_text=True)
    assert "lebih besar dari 5 MB" in page
    assert 'id="file-ktp"' in page
    assert send(client, data).get_json()["code"] == "file_too_large"
    assert held(db, owner) == former


def test_a_stranger_with_a_large_file_is_asked_to_sign_in(client: Client) -> None:
    answer = send(client, bytes(6 * 1024 * 1024))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in_needed")


def test_every_other_form_stays_small(client: Client, owner: int) -> None:
    assert client.post("/language", language="x" * 1_100_000).status_code == 413


def test_the_twenty_first_upload_of_a_day_is_refused(
    client: Client, db: Database, clock: SetClock, owner: int
) -> None:
    for _ in range(20):
        assert send(client, b"bukan gambar").status_code == 422
    answer = send_page(client, corpus.jpeg())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 24 * 3600
    assert 'id="file-ktp"' in answer.get_data(as_text=True)
    clock.pass_by(days=1)
    client.sign_in(owner)
    assert send(client, corpus.jpeg()).status_code == 200


@pytest.mark.parametrize(
    "disk", [Usage(10**12, 0, 4 * 10**10), Usage(10**9, 0, 199_999_999)], ids=["under 5 %", "under 200 MB"]
)
def test_a_disk_that_is_nearly_full_refuses_files_but_no_answers(
    client: Client, db: Database, owner: int, monkeypatch: pytest.MonkeyPatch, disk: Usage
) -> None:
    run = add_running(db, add_scene(db))
    with monkeypatch.context() as patch:
        patch.setattr(files.shutil, "disk_usage", lambda path: disk)
        answer = send(client, corpus.jpeg())
        assert (answer.status_code, answer.get_json()["code"]) == (507, "storage_full")
        client.set_cookie("exam", run.token)
        item = {"position": 1, "seq": 1, "option": 1, "flagged": False}
        save = {"attempt": run.public_id, "lease": run.lease, "items": [item]}
        assert client.post("/exam/save", json=save).get_json()["items"][0]["state"] == "saved"
    assert shutil.disk_usage("/").total > 0
    client.sign_in(owner)
    assert send(client, corpus.jpeg()).status_code == 200
