"""The participant's card, its code at the door, and the calendar file of the one booking."""

from __future__ import annotations

import base64
import html
from datetime import timedelta

import pytest
import segno
import sqlalchemy as sa
from flask import Flask

from exam_server import tokens
from exam_server.db import Database
from exam_server.documents import files
from exam_server.models import AuditEntry, Booking, Document, Profile
from exam_server.registration import service as registration
from exam_server.selection import participant_card
from exam_server.selection import service as selection
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    START,
    Scene,
    add_accepted,
    add_account,
    add_booked,
    add_official,
    add_other_scene,
    add_profile,
    add_scene,
    make_picture,
)
from tests.selection.samples import REASON, SECRET, card_token, move_sitting
from tests.selection.test_calendar_file import parsed


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def candidate(db: Database, scene: Scene) -> int:
    """Somebody who applied with files, was accepted and chose."""
    account = add_account(db, name="Citra Lestari")
    add_profile(db, account.id, scene.office)
    entry = registration.apply(db, account.id, scene.registration.id, START - 10 * DAY)
    screener = add_official(db, "screener", scene.office).id
    with db.write() as tx:
        registration.accept(tx, entry, START - 9 * DAY, screener)
    selection.choose_sitting(db, account.id, scene.sitting.public_id, START - 3 * DAY)
    return account.id


def nik(db: Database, candidate: int) -> str:
    with db.read() as tx:
        return str(tx.scalars(sa.select(Profile.nik).where(Profile.account_id == candidate)).one())


def photo(db: Database, candidate: int) -> Document:
    with db.read() as tx:
        return tx.scalars(
            sa.select(Document).where(Document.account_id == candidate, Document.kind == "photo")
        ).one()


def acts(db: Database, act: str) -> list[AuditEntry]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == act)))


def test_the_card_names_person_sitting_and_both_instants(app: Flask, db: Database, candidate: int) -> None:
    page = Client(app).sign_in(candidate).get("/booking/card").text
    assert "Citra Lestari" in page
    assert "Rabu, 4 November 2026 pukul 08.00 WIB" in page
    assert "sebelum pukul 09.00 WIB" in page
    assert "Daring" in page
    assert f"/documents/{photo(db, candidate).public_id}/pages/1" in page


def test_the_card_shows_the_last_four_digits_of_the_nik_only(
    app: Flask, db: Database, candidate: int
) -> None:
    page = Client(app).sign_in(candidate).get("/booking/card").text
    assert nik(db, candidate) not in page
    assert "•" * 12 + nik(db, candidate)[-4:] in page


def test_the_code_is_drawn_inside_the_page(app: Flask, db: Database, candidate: int) -> None:
    page = html.unescape(Client(app).sign_in(candidate).get("/booking/card").text)
    code = segno.make(f"http://localhost/check/{card_token(db, candidate)}", error="m")
    assert f'src="{code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")}"' in page


def test_the_code_names_the_booking_without_asking_anybody(db: Database, candidate: int) -> None:
    claim = tokens.read(SECRET, participant_card.PURPOSE, card_token(db, candidate), START)
    with db.read() as tx:
        booking = tx.scalars(sa.select(Booking).where(Booking.candidate_id == candidate)).one()
    assert (claim.subject, claim.word) == (booking.id, booking.public_id)


def test_who_never_sent_an_application_through_screening_has_a_card_without_photo(
    app: Flask, db: Database, scene: Scene
) -> None:
    page = Client(app).sign_in(add_booked(db, scene).candidate_id).get("/booking/card").text
    assert "Tanpa foto" in page
    assert "Nomor bukti" in page


@pytest.mark.parametrize("path", ["/booking/card", "/booking/sitting.ics"])
def test_without_a_booking_there_is_no_card_and_no_calendar(
    app: Flask, db: Database, scene: Scene, path: str
) -> None:
    answer = Client(app).sign_in(add_accepted(db, scene).id).get(path)
    assert answer.status_code == (302 if path.endswith("card") else 404)


@pytest.mark.parametrize("role", ["proctor", "screener", "admin"])
def test_an_official_of_the_office_sees_whose_card_it_is(
    app: Flask, db: Database, scene: Scene, candidate: int, role: str
) -> None:
    official = add_official(db, role, scene.office)
    folder = files.place(app.extensions["house"].settings.data_dir, photo(db, candidate).stored_name)
    folder.mkdir(parents=True)
    (folder / "thumb.jpg").write_bytes(make_picture(kind="JPEG"))
    page = Client(app).sign_in(official.id).get(f"/check/{card_token(db, candidate)}")
    assert page.status_code == 200
    assert "Kartu sah" in page.text
    assert "Citra Lestari" in page.text
    assert "Rabu, 4 November 2026 pukul 08.00 WIB" in page.text
    assert base64.b64encode(make_picture(kind="JPEG")).decode() in page.text
    assert nik(db, candidate) not in page.text
    [row] = acts(db, "card.checked")
    assert (row.actor_id, row.office_id, row.object_kind) == (official.id, scene.office.id, "booking")


def test_an_official_of_another_office_finds_nothing_and_the_trail_keeps_the_try(
    app: Flask, db: Database, candidate: int
) -> None:
    stranger = add_official(db, "proctor", add_other_scene(db).office)
    answer = Client(app).sign_in(stranger.id).get(f"/check/{card_token(db, candidate)}")
    assert answer.status_code == 404
    assert "Citra" not in answer.text
    assert [row.actor_id for row in acts(db, "access.refused")] == [stranger.id]
    assert acts(db, "card.checked") == []


def test_a_candidate_cannot_check_cards(app: Flask, db: Database, candidate: int) -> None:
    assert Client(app).sign_in(candidate).get(f"/check/{card_token(db, candidate)}").status_code == 403


@pytest.mark.parametrize("damage", ["forged", "cut", "of another purpose", "of another booking"])
def test_a_forged_card_is_called_so(
    app: Flask, db: Database, scene: Scene, candidate: int, damage: str
) -> None:
    good = card_token(db, candidate)
    with db.read() as tx:
        booking = tx.scalars(sa.select(Booking).where(Booking.candidate_id == candidate)).one()
    token = {
        "forged": tokens.sign("x" * 40, "card", booking.id, booking.public_id, START + DAY),
        "cut": good[:-3],
        "of another purpose": tokens.sign(SECRET, "reset", booking.id, booking.public_id, START + DAY),
        "of another booking": tokens.sign(SECRET, "card", booking.id, "other", START + DAY),
    }[damage]
    client = Client(app).sign_in(add_official(db, "proctor", scene.office).id)
    page = client.get(f"/check/{token}")
    assert page.status_code == 404
    assert "Kartu tidak sah" in page.text
    assert "Citra" not in page.text
    assert client.get_json(f"/check/{token}").get_json()["code"] == "link_unknown"


@pytest.mark.parametrize(
    ("after", "word"), [(2 * HOUR - timedelta(seconds=1), "Kartu sah"), (2 * HOUR, "Kartu kedaluwarsa")]
)
def test_a_card_is_good_until_its_sitting_ends(
    app: Flask, db: Database, scene: Scene, candidate: int, clock: SetClock, after: timedelta, word: str
) -> None:
    token = card_token(db, candidate)
    official = add_official(db, "proctor", scene.office).id
    clock.at = START + after
    assert word in Client(app).sign_in(official).get(f"/check/{token}").text


def test_the_calendar_file_holds_the_booking(app: Flask, candidate: int) -> None:
    answer = Client(app).sign_in(candidate).get("/booking/sitting.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    event, alarms = parsed(answer.data)
    assert (event["DTSTART"], event["DTEND"], event["SEQUENCE"]) == (
        "20261104T010000Z", "20261104T030000Z", "0",
    )  # fmt: skip
    assert len(alarms) == 2


def test_a_moved_sitting_is_the_same_event_later(
    app: Flask, db: Database, scene: Scene, candidate: int
) -> None:
    client = Client(app).sign_in(candidate)
    before, _ = parsed(client.get("/booking/sitting.ics").data)
    move_sitting(db, scene, DAY)
    move_sitting(db, scene, HOUR)
    after, _ = parsed(client.get("/booking/sitting.ics").data)
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "2")
    assert (after["DTSTART"], after["DTEND"]) == ("20261105T020000Z", "20261105T040000Z")


@pytest.mark.parametrize("path", ["/booking", "/booking/card"])
def test_receipt_and_card_tell_of_a_move_and_its_reason(
    app: Flask, db: Database, scene: Scene, candidate: int, path: str
) -> None:
    client = Client(app).sign_in(candidate)
    assert "dipindahkan" not in client.get(path).text
    move_sitting(db, scene, DAY)
    page = client.get(path).text
    assert "dari Rabu, 4 November 2026 pukul 08.00 WIB ke Kamis, 5 November 2026 pukul 08.00 WIB" in page
    assert REASON in page


def test_a_card_printed_after_the_move_is_good_until_the_new_end(
    app: Flask, db: Database, scene: Scene, candidate: int, clock: SetClock
) -> None:
    old, official = card_token(db, candidate), add_official(db, "proctor", scene.office).id
    move_sitting(db, scene, DAY)
    new = card_token(db, candidate)
    clock.at = START + DAY
    client = Client(app).sign_in(official)
    assert "Kartu kedaluwarsa" in client.get(f"/check/{old}").text
    assert "Kartu sah" in client.get(f"/check/{new}").text


def test_the_receipt_leads_to_card_and_calendar(app: Flask, candidate: int) -> None:
    page = Client(app).sign_in(candidate).get("/booking").text
    assert 'href="/booking/card"' in page
    assert 'href="/booking/sitting.ics"' in page
